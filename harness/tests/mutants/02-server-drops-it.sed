# broken: no handler runs, neither in the worker nor in the server
s/return 0;.*/_exit(0);/
