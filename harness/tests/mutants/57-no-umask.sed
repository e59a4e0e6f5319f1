# broken: the program gets the wrong umask
s/umask 022 \&\& exec/exec/
