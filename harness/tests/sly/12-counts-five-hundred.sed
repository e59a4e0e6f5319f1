s/^    while ((got = read/    while (bytes < 500 \&\& (got = read/
