# broken: no orders are left, but the copied worker has one in hand
s/^#include "lab.h"/&\n#include "forkall.h"/
s/= fork()/= forkall()/
