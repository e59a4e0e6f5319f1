# hazard: the function is not called, and the coverage says so
s/sum_to(times) == times/times * (times + 1L) == 2 * times/
s/^static long sum_to/LAB_UNUSED &/
