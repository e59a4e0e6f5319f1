s/^    ssize_t got;/    ssize_t got = 0;/
s/^    while ((got = read/    while (bytes < 5 * run_number(100) \&\& (got = read/
