# no line begins with a full stop
# in: harness/base/text.c
# by: printers_test
# by: po.bats: explain: each lab in 80 columns, and no line begins with a full stop
s/wcschr(not_first, right) == NULL && //
