# a futex in memory that somebody outside has mapped is open to the world
# in: harness/proof/outsiders.c
# by: autopsy.bats: autopsy, healthy: a sibling runs in the same memory, or has mapped it
s/^        thread->reach = REACH_WORLD;/        (void)thread;/
