s/_Fork()/fork()/
