s/^    watch(10);//
s/^    say("server: reads.*/    watch(10);\n&/
s/^    watch(0);//
