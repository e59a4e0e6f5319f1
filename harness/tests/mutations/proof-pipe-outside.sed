# a pipe whose other end is outside of the tree is open to the world
# in: harness/proof/*.c
# by: explore_test
s/: !both;/: !both \&\& named;/
