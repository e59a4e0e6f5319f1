s/kill(my_pid, number) == -1/raise(number) != 0/
