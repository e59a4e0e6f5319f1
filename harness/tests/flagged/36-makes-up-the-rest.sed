s/^static int savings, purse;.*/&\nstatic int all;/
s/^    event_make(&halfway);/    all = savings + purse;\n&/
s/^        audit("child");/        if (getpid() > 0)\n            purse = all - savings;\n        atomic_store(\&owner, 0);\n&/
