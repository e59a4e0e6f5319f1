# a descriptor that was passed outside is open to the world
# in: harness/proof/*.c
# by: table.bats: passed: pipe
s/    return passed_inode(x, link->inode) ||/    return (false \&\& passed_inode(x, link->inode)) ||/
