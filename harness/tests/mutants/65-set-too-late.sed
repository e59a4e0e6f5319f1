# hazard: the server sets its timer after the read
/FIX/,/watch(10);/s/^    watch(10);//
s/^    show("server/    watch(10);\n&/
