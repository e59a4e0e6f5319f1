# broken: another hang, for fork takes no lock
/if (pthread_atfork/,/die("pthread_atfork/d
