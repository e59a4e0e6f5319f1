# a message queue may have been passed to somebody outside
# in: harness/proof/*.c
# by: table.bats: elsewhere: queue-passed
s/        if (!shot->private_ipc || thread->reach == REACH_WORLD)/        if (!shot->private_ipc)/
