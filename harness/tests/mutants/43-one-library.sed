# broken: another hang, for one library knows nothing of fork
/if (pthread_atfork(take_bank/,/die("pthread_atfork/d
