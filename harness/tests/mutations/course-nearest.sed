# one word that is not about processes makes no lab the nearest
# in: harness/course/search.c
# by: search_test
s/question.known > 1 && question.topic/question.known > 0/
