# broken: the grandchild makes no secret
s/^        make_secret("grandchild");/        _exit(42);/
