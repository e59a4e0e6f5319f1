# broken: the child takes none
/if (write(fd\[1\], &token/,/die("write/d
s/uint64_t token = next_token();$/next_token();/
