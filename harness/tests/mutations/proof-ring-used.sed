# a ring in which something was submitted may complete it
# in: harness/proof/*.c
# by: explore_test
s/strstr(text, "\\nCachedSqHead:\\t0\\n") != NULL/text[0] != 0/
