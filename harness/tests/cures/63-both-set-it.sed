s/^    close(result\[1\]);/    setpgid(pid, pid);\n&/
s/^    call_me("worker");/&\n    setpgid(0, 0);/
