# a label is as wide as its characters, not as its bytes
# in: harness/print/sheet.c
# by: po.bats: run: the verdict and its sentences in Japanese, JSON in English
s/size_t width = text_width(word);/size_t width = strlen(word);/
