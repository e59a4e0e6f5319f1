# broken: the client has not sent all lines
s/i < lines/i < lines - 1/
