s/^    if (fcntl(file, F_SETLK, &all) == 0)/    all.l_type = F_RDLCK;\n    if (pread(file, who, 4, 0) != 4 \&\& fcntl(file, F_SETLK, \&all) == 0)/
s/^    if (errno != EAGAIN .*/    if (who[0] == 0)/
