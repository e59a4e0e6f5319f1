s/^        call_me("helper");/&\n        close(gone[0]);/
