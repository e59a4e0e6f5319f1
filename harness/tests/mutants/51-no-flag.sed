# broken: never close-on-exec
s/mkostemp(name, O_CLOEXEC)/mkostemp(name, 0)/
