s/^        make_secret("grandchild");/        make_secret((random_number(), "grandchild"));/
