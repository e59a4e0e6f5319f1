# broken: what is public is not in the worker either
s/public = malloc(SIZE)/public = secret_memory()/
