# broken: the child stays, and its parent waits for it
/if (daemon(1, 1)/,/die("daemon/d
