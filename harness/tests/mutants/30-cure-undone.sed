# hazard: the child has no worker
s/^    open_pool(); .*//
