# hazard: nobody knows of the fork
/if (pthread_atfork/,/die/d
s/^static void \(take\|reopen_pool\)/static inline void \1/
