# the JSON of a run is English
# in: harness/autopsy/explain.c
# by: po.bats: run: the verdict and its sentences in Japanese, JSON in English
s/tongue_hush(true);/tongue_hush(false);/
