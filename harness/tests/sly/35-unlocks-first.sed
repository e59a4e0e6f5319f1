s/^        flockfile(stdout);/        funlockfile(stdout);\n&/
