# broken: nothing is measured
s/^    compare(.*);/    (void)compare;/
