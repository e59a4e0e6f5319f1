# hazard: memory and semaphore are private
s/MAP_SHARED/MAP_PRIVATE/
s/ready, 1, 0)/ready, 0, 0)/
