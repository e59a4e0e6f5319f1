# hazard: the semaphore is for processes, the memory is not
s/MAP_SHARED/MAP_PRIVATE/
