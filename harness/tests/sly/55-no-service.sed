s/execlp("cat", "cat", (char \*)NULL)/pause()/
s/^    if (pid == 0) {/&\n        call_me("cat");\n        signal(SIGTERM, SIG_DFL);/
