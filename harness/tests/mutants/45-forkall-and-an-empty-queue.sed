# broken: no orders are left, but the copied worker has one in hand
s/^#include "lab.h"/&\n#include "forkall.h"/
s/= fork()/= forkall()/
/^    if (pid == 0)/,/^    }/s/open_bank();/ordered = taken = 0, sem_init(\&to_do, 0, 0);/
