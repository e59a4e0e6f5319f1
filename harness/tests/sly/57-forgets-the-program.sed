/^    umask(022);/d
