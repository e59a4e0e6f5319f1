# broken: the service is no program
s/execlp("cat", "cat", (char \*)NULL)/(call_me("cat"), pause())/
