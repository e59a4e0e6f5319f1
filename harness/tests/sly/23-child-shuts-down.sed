s/^        close(SSL_get_fd(tls));/        SSL_shutdown(tls);\n&/
