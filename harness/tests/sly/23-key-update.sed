s/^    ask(tls, pin/    SSL_key_update(tls, SSL_KEY_UPDATE_NOT_REQUESTED);\n&/
