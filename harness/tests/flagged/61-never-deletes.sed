s/^    if (status == 0 && ftruncate(box, 0) == -1).*/    if (status == 2)/
