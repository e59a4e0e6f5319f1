s/^        say("child: takes a token");/&\n        seed();/
