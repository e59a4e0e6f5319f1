# broken: it is killed by another one
s/kill(service, SIGTERM)/kill(service, SIGINT)/
