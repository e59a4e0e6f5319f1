# broken: no program is started
s/execl("\/proc\/self\/exe", "helper", (char \*)NULL);/_exit(42);/
