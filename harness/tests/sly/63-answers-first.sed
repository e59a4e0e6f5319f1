s/^    event_wait(&typed);//
