# the close(2) of a shell is not heard: a signal would interrupt it
# in: harness/run/*.c
# by: proof.bats: echo into a named pipe, and read, without namespaces: alive
s/bool threaded = program == NULL || is_threaded(program, true);/bool threaded = true;/
