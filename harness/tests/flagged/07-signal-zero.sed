s/kill(worker, SIGTERM)/kill(worker, 0)/
