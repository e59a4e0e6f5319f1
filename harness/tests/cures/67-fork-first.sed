s/^    library_init();//
s/^    for (int i = 0; i < WORKERS; i++, sum.*/    library_init();\n&/
