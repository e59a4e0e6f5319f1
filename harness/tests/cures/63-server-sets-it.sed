s/^    close(result\[1\]);/    if (setpgid(pid, pid) == -1)\n        die("setpgid");\n&/
