# a check asks for what the lab's first header says
# in: harness/command/course.c
# by: path.bats: an edited header does not change what a check asks for
s/known ? &was : lab/lab/
