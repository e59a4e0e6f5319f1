s/if (++jobs == 3 \* JOBS)/if (++jobs == JOBS)/
