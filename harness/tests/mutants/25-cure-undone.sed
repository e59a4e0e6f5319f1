# hazard: the child uses the ring that it has inherited
/^        ring_make(&ring);/d
