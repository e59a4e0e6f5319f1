s/^        event_announce(&forked);/&\n        once = (pthread_once_t)PTHREAD_ONCE_INIT;/
