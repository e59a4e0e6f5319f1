# a signal that is pending ends the wait
# in: harness/proof/*.c
# by: autopsy_test
s/return pending ? "a signal is on its way" : NULL;/return pending == ~0ULL ? "a signal is on its way" : NULL;/
