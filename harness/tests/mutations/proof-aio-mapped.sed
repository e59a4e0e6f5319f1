# a context of aio is mapped
# in: harness/proof/*.c
# by: table.bats: help: aio
s/found = strstr(line, names\[i\]) != NULL;/found = line[0] == 0;/
