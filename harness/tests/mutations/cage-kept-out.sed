# without namespaces, a lab's program makes no file in HOME
# in: harness/cage/*.c
# by: cage_test
s/^    return !name_below(path, ledger->directory) \&\&/    return false \&\&/
