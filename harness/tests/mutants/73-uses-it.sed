# broken: the heap is used
s/^    long reserved = /    touch(reserve(32, false), 32);\n&/
