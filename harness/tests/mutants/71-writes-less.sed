# broken: what is not written costs nothing
/^static void rewrite/,/^}/s/^        touch(.*/        (void)touch;/
