s/^        call_me("worker");/&\n        close(STDIN_FILENO);/
