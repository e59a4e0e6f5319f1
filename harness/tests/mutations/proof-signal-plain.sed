# in plain mode somebody outside may send a signal
# in: harness/run/*.c
# by: table.bats: outside: caught
s/\.signals_outside = !w->cage->namespaces,/.signals_outside = false,/
