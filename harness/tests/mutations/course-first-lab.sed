# the first lab of a famous string comes before its other labs
# in: harness/course/search.c
# by: search_test
s/score \*= NEXT_LAB/score/
