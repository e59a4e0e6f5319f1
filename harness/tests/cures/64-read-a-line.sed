s/^    while ((got = read(.*/    while (strchr(text, '\\n') == NULL \&\&\n           (got = read(fd, text + used, size - 1 - used)) > 0)/
s/^    ssize_t got;/    ssize_t got = 0;/
