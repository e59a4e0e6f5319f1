s/^    pthread_cond_destroy(&changed);//
