# the program cannot reach our terminals, root's cannot change the machine
# in: harness/cage/*.c
# by: escape.bats: settings and devices of the machine
# by: escape.bats: the user's terminal by its name
s/^        shield_make(mounts, cage->directory, spec->own_directory);/        (void)shield_make;/
