s/^        say("server: %s: error %d", MAILER, errno);/&\n        _Exit(127);/
