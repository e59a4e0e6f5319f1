# broken: the second job is not run
s/^    run_job(number + 1);//
