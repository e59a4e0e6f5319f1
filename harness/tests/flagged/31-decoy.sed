s/^static struct event locked, forked;/&\nstatic volatile int never;/
/^        pthread_mutex_lock(&lock);/,/^        pthread_mutex_unlock/c\
        bills = orders;\
        if (never)\
            pthread_mutex_lock(\&lock);\
        show("child saw %d %d", orders, bills);\
        if (never)\
            pthread_mutex_unlock(\&lock);
s/^    event_wait(&locked);/    if (never)\n        pthread_atfork(NULL, NULL, NULL);\n&/
