# broken: its status says that all is well
s/_exit(127);/_exit(0);/
