s/^    call_me("worker");/&\n    explicit_bzero(key, SIZE);/
