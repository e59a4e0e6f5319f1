s/^        flockfile(stdout);/        while (ftrylockfile(stdout) != 0)\n            sched_yield();/
