# hazard: the memory is shared, the semaphore is for threads
s/ready, 1, 0)/ready, 0, 0)/
