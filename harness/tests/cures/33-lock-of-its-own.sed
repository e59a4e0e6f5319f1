s/^static void \*work/static pthread_mutex_t own = PTHREAD_MUTEX_INITIALIZER;\n\nstatic void take(void)\n{\n    pthread_mutex_lock(\&own);\n}\n\nstatic void give(void)\n{\n    pthread_mutex_unlock(\&own);\n}\n\n&/
s/^    ctime_r(&moment, date);/    take();\n&\n    give();/
s/^        ctime_r(&moment, date);/        take();\n&\n        give();/
s/^    make_zone();/&\n    pthread_atfork(take, give, give);/
