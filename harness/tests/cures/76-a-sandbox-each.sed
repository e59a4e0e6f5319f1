/^    enter_sandbox();/d
s/^    pid_t pid = fork();/    pid_t init = fork();\n    if (init != 0) {\n        waitpid(init, \&status, 0);\n        return;\n    }\n    call_me("init");\n    enter_sandbox();\n&/
s/^static ino_t outside;/&\n\nstatic void enter_sandbox(void);/
/^static void run_job/,/^}/s/^        die("waitpid");/&\n    _exit(0);/
