# broken: nothing is in the buffer
/printf("hello/d
