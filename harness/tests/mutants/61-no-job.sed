# broken: nobody delivers
/^static pid_t start_job/,/^}/s/= fork()/= 1/
