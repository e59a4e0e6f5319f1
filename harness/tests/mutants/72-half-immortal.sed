# broken: each second object is counted
s/\.count = IMMORTAL/.count = i \/ 4096 % 2 ? IMMORTAL : 1/
