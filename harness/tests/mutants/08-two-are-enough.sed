# broken: it stops before the end of the input
s/if (++jobs == 3 \* JOBS)/if (++jobs == JOBS)/
