# broken: the customers hear nothing
s/if (write(connection, hello, HELLO_SIZE) != (ssize_t)HELLO_SIZE)/if (hello == NULL)/
