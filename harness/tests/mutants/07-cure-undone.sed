# hazard: -1 is taken for a pid
s/worker > 0 && kill/worker != 0 \&\& kill/
