# who was always alone and has a handler waits for somebody outside
# in: harness/run/*.c
# by: table.bats: alone with a handler, in pause: not proved
s/\.alone = is_alone(w)/.alone = is_alone(w) \&\& w->decided/
