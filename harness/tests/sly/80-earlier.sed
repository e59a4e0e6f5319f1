s/^    explicit_bzero(key, SIZE);//
s/^    show("server: signs.*/&\n    explicit_bzero(key, SIZE);/
