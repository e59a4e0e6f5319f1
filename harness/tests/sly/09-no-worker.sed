s/^    long one = ask_worker(), other = ask_worker();/    long one = canary(), other = ~one;/
s/^static long ask_worker/LAB_UNUSED &/
