# a number that led to nothing may have led to something before it was changed
# in: harness/proof/changes.c
# by: changes_test
s/                    slept_before(change, thread);/                    true;/
