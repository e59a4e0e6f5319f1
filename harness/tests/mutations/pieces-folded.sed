# what is folded away is no piece
# in: harness/base/pieces.c
# by: pieces_test
s/walk->folded = true;/walk->folded = false;/
