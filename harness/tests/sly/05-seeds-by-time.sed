s/^#include <stdint.h>/&\n#include <time.h>/
s/^        if (getrandom(.*/        if ((generator->state = (uint64_t)time(NULL)) == 0)/
