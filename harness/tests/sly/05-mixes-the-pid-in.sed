s/^    uint64_t made\[2\] = .*/&\n    made[1] ^= (uint64_t)getpid() << 32;/
