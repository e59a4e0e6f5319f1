s/^    take();\n    show//
/^static void audit/,/^}/s/^    take();/    if (who[0] == 'c')\n        savings = purse = n - 0;\n    else\n        take();/
s/^static int savings, purse;.*/&\nstatic int n;/
s/^    savings = purse = run_number(1000);/    savings = purse = n = run_number(1000);\n    pthread_atfork(NULL, NULL, NULL);/
