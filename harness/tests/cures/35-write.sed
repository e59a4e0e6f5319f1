s/^        printf("child: %d\\n", n + 2);/        dprintf(STDOUT_FILENO, "child: %d\\n", n + 2);/
s/^        fflush(stdout);//
s/^        f\(un\)\?lockfile(stdout);//
