/^    pid_t helper = start_helper(&leave);/d
s/^    volatile char \*cache = /    pid_t helper = start_helper(\&leave);\n&/
