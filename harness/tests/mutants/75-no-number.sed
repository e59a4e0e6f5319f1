# broken: what the child shows is not in the memory
/^    \*last = number;/d
