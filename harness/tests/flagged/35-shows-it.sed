s/^        printf("child: %d\\n", n + 2);/        show("child: %d", n + 2);/
s/^        fflush(stdout);//
s/^        f\(un\)\?lockfile(stdout);//
