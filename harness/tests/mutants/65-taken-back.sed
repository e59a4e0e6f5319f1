# hazard: the server takes its timer back, as the parent does
/FIX/,/watch(10);/s/^    watch(10);/&\n    watch(0);/
