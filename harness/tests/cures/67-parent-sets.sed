s/^            work(i, count.*/&\n        if (sched_setaffinity(worker[i], sizeof(given), \&given) == -1)\n            die("sched_setaffinity");/
