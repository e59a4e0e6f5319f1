# hazard: the server sets no timer
/FIX/,/watch(10);/s/^    watch(10);//
