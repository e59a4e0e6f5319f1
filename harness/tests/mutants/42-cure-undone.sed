# hazard: the list of threads is copied
/FIX:/,/die(/d
