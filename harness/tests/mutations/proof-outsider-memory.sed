# a process whose memory somebody outside has is not proved stuck
# in: harness/proof/verdict.c
# by: autopsy.bats: autopsy, healthy: a sibling runs in the same memory, or has mapped it
s/^    if (process->memory_outside)$/    if (false)/
