s/^    call_me("service");/&\n    close(STDOUT_FILENO);/
