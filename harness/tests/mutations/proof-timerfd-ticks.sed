# a timerfd with ticks that nobody has read is ready
# in: harness/proof/*.c
# by: explore_test
s/strstr(text, "ticks: 0\\n") == NULL ||/false ||/
