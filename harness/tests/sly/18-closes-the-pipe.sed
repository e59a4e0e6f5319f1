s/^    close(jobs\[1\]);/    close(signals[0]);\n    close(signals[1]);\n&/
