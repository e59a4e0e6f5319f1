/^__attribute__((noreturn)) static void work/,/^}/s/fork_as(number) == 0/fork() == 0 \&\& number != 0/
s/^        made\[0\] == made\[2\])/        made[0] != made[2])/
s/(int)made\[0\]/(int)getpid()/
