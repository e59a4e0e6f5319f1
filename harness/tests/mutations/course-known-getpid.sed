# getpid alone is no usual cure
# in: harness/course/known.c
# by: sources_test
s/strcmp(name, "getpid") == 0 \&\& known/strcmp(name, "getpid") == 1 \&\& known/
