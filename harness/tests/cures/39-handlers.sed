s/^static void write_log/static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;\n\nstatic void take(void)\n{\n    pthread_mutex_lock(\&lock);\n}\n\nstatic void give(void)\n{\n    pthread_mutex_unlock(\&lock);\n}\n\n&/
s/^    syslog(.*/    take();\n&\n    give();/
s/^    event_make(&logs);/    if (pthread_atfork(take, give, give) != 0)\n        die("pthread_atfork");\n&/
