s/^        event_announce(&forked);/&\n        usleep(50000);/
