s/^    ssize_t got;/    ssize_t got = 0;/
s/^    while ((got = read/    while (bytes < 500 \&\& (got = read/
