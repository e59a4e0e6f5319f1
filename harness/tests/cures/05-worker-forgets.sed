s/^    call_me("worker");/&\n    generator->owner = 0;/
