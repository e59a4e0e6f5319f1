s/^    call_me("service");/&\n    setsid();/
