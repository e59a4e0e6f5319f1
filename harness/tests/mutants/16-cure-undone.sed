# hazard: the lock is taken before the last fork
/^    \/\* FIX/,/take_the_lock(file, name);/d
s/^    pid_t pid = fork();\(.*\)/&/
/^static void start/,/^}/s/^    pid_t pid = fork();/    take_the_lock(file, name);\n&/
