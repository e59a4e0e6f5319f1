# broken: the child asks for nothing
/^        ask(tls, "GET /d
