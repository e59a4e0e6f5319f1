/^    while (fgets/,/^    }/c\
    char lines[3][80];\
    while (jobs < 3 \&\& fgets(lines[jobs], sizeof(lines[0]), stdin) != NULL)\
        jobs++;\
    for (int i = 0; i < jobs; i++)\
        lines[i][3] = 0, run_job(lines[i]);
s/char line\[80\];/enum { line = 80 };/
s/sizeof(line)/80/
