s/^    SSL \*tls = connect_tls();/    SSL *tls;/
s/^        ask(tls, "GET/        tls = connect_tls();\n&/
s/^    ask(tls, pin/    tls = connect_tls();\n&/
