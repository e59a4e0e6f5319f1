s/^    say_end("job", status);/    waitpid(job, \&status, 0);\n&/
