s/^    SSL \*tls = connect_tls();/&\n    char text[SIZE];\n    int to_parent[2];\n\n    if (pipe(to_parent) == -1)\n        die("pipe");/
s/^        ask(tls, "GET.*/        if (write(to_parent[1], "GET \/cat", SIZE) != SIZE)\n            die("write");/
s/^    say_end.*/&\n    if (read(to_parent[0], text, SIZE) != SIZE || SSL_write(tls, text, SIZE) != SIZE)\n        die("read");/
