# a lab sees of /tmp only what it names
# in: harness/cage/keeper.c
# by: escape.bats: a lab sees of /tmp what it names, any command all of it
s/.only_needed = spec->own_directory/.only_needed = false/
