# hazard: it asks for the wipe in the grandchild, where the copy has been made
/^    if (madvise(/,/^        die("madvise");/d
s/^    uint64_t made\[2\] = {/    madvise(generator, sizeof(*generator), MADV_WIPEONFORK);\n&/
