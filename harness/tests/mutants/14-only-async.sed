# broken: one flag is put back, the other is not
s|int in = open.*|int in = STDIN_FILENO;|
s/O_NONBLOCK | O_ASYNC/O_ASYNC/
