# the grades of one attempt are not those of another
# in: harness/course/grade.c
# by: grade.bats: the same file again, in a class, is not run again; another one is
s/^    fwrite(task->attempt, 1, task->attempt_size, stream);//
