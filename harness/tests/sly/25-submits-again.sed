s/^    say("%s: the kernel took.*/&\n    if (taken < rows)\n        store(who, fd, row);/
