s/kill(service, SIGTERM)/kill(service, SIGKILL)/
