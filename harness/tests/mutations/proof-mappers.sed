# who was made after memory was mapped may have a copy of it
# in: harness/proof/mappers.c
# by: changes_test
s/since <= began + 2 \* tick/since <= 0/
