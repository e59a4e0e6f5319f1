# broken: the command starts nothing
/call_me("command")/,/^}/s/pid_t pid = fork();/pid_t pid = 1;/
