# broken: the job does not fail
s/^        _exit(1);/        _exit(0);/
