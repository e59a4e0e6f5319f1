s/^        look();/&\n        fcntl(STDIN_FILENO, F_SETFL, fcntl(STDIN_FILENO, F_GETFL) \& ~(O_NONBLOCK | O_ASYNC));/
