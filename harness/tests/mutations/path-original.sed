# an attempt is compared with the lab as it was, not with an edited one
# in: harness/course/sources.c
# by: path.bats: an edited lab: check and reset do not take it for the lab
s/char \*ours = original_text(root, lab, &ours_length);/char *ours = NULL;/
