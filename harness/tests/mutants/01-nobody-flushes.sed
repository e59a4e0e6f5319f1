# broken: hello comes not even once
s/return 0;.*/_exit(0);/
