s/^static struct event done;/&\nstatic pthread_t worker;/
s/^    pthread_t worker;//
s/^    pthread_cond_destroy(&changed);/    pthread_join(worker, NULL);\n&/
