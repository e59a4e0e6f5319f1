# broken: nobody squares
s/pthread_create(&worker, NULL, work, NULL) != 0/work == NULL/
s/pthread_join(worker, NULL)/0/
s/^    number = run_number(7);/&\n    (void)worker;/
