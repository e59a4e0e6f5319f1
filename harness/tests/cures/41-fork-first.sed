s/^    start_worker();//
