# broken: the second worker does nothing
s/^    for (int i = first; i < count/    for (int i = first; i < count \&\& first == 0/
