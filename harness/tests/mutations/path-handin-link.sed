# a symbolic link is not handed in
# in: harness/course/handin.c
# by: path.bats: handin: the attempts, the progress and the doctor, with their sums
s/lstat(path, &info) == 0 && S_ISREG/stat(path, \&info) == 0 \&\& S_ISREG/
