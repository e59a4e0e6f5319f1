s/while ((got = read(fd, text, sizeof(text))) > 0)/if ((got = read(fd, text, sizeof(text))) > 0)/
