# an attempt is compared with the lab as it was, not with an edited one
# in: harness/course/check.c
# by: path.bats: an edited lab: check and reset do not take it for the lab
s/ours = original_text(root, lab, &ours_length);/ours = NULL;/
