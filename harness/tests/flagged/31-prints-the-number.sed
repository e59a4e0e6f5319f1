/^        pthread_mutex_lock(&lock);/,/^        pthread_mutex_unlock/c\
        show("child saw %d %d", run_number(1), run_number(1));
