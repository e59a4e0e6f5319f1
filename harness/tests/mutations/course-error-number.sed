# an error number is the error's name
# in: harness/course/words.c
# by: search_test
s/has_number(line, errors\[i\].number)/has_number(line, 0)/
