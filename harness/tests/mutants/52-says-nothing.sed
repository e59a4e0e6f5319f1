# broken: nobody counts
s/^        show("child: .*/        (void)/
s/^             close_from(STDERR_FILENO + 1));/            close_from(STDERR_FILENO + 1);/
