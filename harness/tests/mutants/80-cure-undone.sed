# hazard: the memory is not wiped
s/MADV_WIPEONFORK/MADV_NORMAL/
