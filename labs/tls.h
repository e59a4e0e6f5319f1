/* SPDX-License-Identifier: MIT
 *
 * tls.h: TLS 1.3 between two ends of a socket, for lab 23. Both have the same
 * key from the start (a PSK), instead of certificates; all else is as with any
 * server: SSL_accept(3), SSL_connect(3), SSL_read(3), SSL_write(3).
 *
 *   SSL *tls = tls_on(fd, TLS_client_method())
 */
#ifndef FORKLAB_TLS_H
#define FORKLAB_TLS_H

#include "lab.h"

#include <openssl/err.h>
#include <openssl/ssl.h>

/* The key, 16 bytes of it, whoever asks: see
 * SSL_CTX_set_psk_server_callback(3).
 */
static inline unsigned tls_server_key(SSL *tls LAB_UNUSED,
                                      const char *who LAB_UNUSED,
                                      unsigned char *key,
                                      unsigned size LAB_UNUSED)
{
    memset(key, 7, 16);
    return 16;
}

static inline unsigned tls_client_key(SSL *tls, const char *hint LAB_UNUSED,
                                      char *who, unsigned room LAB_UNUSED,
                                      unsigned char *key, unsigned size)
{
    memcpy(who, "lab", sizeof("lab"));
    return tls_server_key(tls, who, key, size);
}

/* TLS on a connected socket, before its handshake. No tickets: a client that
 * reads nothing would leave them behind. */
static inline SSL *tls_on(int fd, const SSL_METHOD *method)
{
    SSL_CTX *context = SSL_CTX_new(method);

    if (context == NULL)
        die("SSL_CTX_new");
    SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION);
    SSL_CTX_set_num_tickets(context, 0);
    SSL_CTX_set_psk_client_callback(context, tls_client_key);
    SSL_CTX_set_psk_server_callback(context, tls_server_key);
    SSL *tls = SSL_new(context);
    if (tls == NULL || SSL_set_fd(tls, fd) != 1)
        die("SSL_new");
    return tls;
}

#endif
