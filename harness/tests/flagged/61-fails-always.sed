s/^    say_end("job", status);/    status = 256;\n&/
