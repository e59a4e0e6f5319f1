# broken: the scripts start nothing
/call_me("script")/,/^}/s/pid_t pid = fork();/pid_t pid = 1;/
