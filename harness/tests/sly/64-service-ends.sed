s/^    call_me("service");/&\n    _exit(42);/
