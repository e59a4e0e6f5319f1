# broken: the semaphore is posted, but there is no answer
s/answer->value = 6 \* run_number(7);/answer->value = 0;/
