# hazard: the library knows nothing of fork
/if (pthread_atfork/,/die("pthread_atfork/d
s/^static void seed_again/static inline void seed_again/
