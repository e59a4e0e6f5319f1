# hazard: the copied worker does the copied work
s/^#include "lab.h"/&\n#include "forkall.h"/
s/= fork()/= forkall()/
/^int main/,/^}/s/^        open_bank();//
