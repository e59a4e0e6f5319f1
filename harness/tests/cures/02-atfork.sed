s/^#include <fcntl.h>/&\n#include <pthread.h>/
s/^static const char path.*/&\nstatic bool mine = true;\nstatic void not_mine(void)\n{\n    mine = false;\n}/
s/^    if (unlink(path) == 0)/    if (mine \&\& unlink(path) == 0)/
s/^    make_file(.*);.*/&\n    pthread_atfork(NULL, NULL, not_mine);/
