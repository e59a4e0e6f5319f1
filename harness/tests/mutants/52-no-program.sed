# broken: cat never runs
s/execlp("cat", "cat", (char \*)NULL)/_exit(0)/
