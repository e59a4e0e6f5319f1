s/^    event_wait(wiped);/&\n    malloc_trim(0);/
s/^#include <stdio.h>/#include <malloc.h>\n&/
