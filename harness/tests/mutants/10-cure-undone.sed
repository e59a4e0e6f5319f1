# hazard: the server serves one customer after the other
/^static void serve/,/^}/s/= fork();/= -1; echo(connection); close(connection); continue;/
