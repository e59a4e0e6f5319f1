# so is one of a kind that has no inode of its own
# in: harness/proof/*.c
# by: table.bats: passed: eventfd
s/passed->anonymous \&\&$/passed->any \&\&/
