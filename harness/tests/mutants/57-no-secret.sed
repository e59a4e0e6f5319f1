# broken: no file is made
/^    make_secret("secret.57", text);/d
s/^static void make_secret/static inline void make_secret/
