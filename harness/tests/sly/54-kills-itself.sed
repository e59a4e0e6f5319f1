s/^        say("server: %s: error %d", MAILER, errno);/&\n        raise(SIGKILL);/
