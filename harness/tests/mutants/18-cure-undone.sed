# hazard: the worker tells the server
s/^    signal(SIGTERM, SIG_DFL);//
