s/^        say("child: takes a token, or some");/&\n        seed();/
