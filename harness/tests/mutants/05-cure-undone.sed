# hazard: the child's copy keeps its owner
s/MADV_WIPEONFORK/MADV_NORMAL/
