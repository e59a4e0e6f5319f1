# where it has no user namespace, root's program has few capabilities
# in: harness/cage/*.c
# by: escape.bats: umount of /proc
s/^    if (!inmate->own_user)$/    if (inmate->hold > HOLD_SUBREAPER)/
