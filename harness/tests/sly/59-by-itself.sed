s/^    run_test(times);/    test(times);/
s/^static void run_test/LAB_UNUSED &/
