# broken: there is no such program
s|"/proc/self/exe"|"/no"|
