# what was recorded in plain mode is removed after the run
# in: harness/cage/*.c
# by: escape.bats: POSIX memory, semaphore and queue
s/cage->not_removed = [a-z_]*(cage->[a-z]*);/cage->not_removed = NULL;/
