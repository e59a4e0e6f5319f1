# what git has brought is not called an edit
# in: harness/course/original.c
# by: path.bats: what is not known about labs/ is not claimed
s/ && !fetched_since(root, &copy))/)/
