# hazard: the program gets the socket
s/int yes = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)/int yes = 1, fd = socket(AF_INET, SOCK_STREAM, 0)/
