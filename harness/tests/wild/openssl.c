/* SPDX-License-Identifier: MIT
 *
 * A thread flushes the session cache when main forks; the child frees it.
 */
#include "say.h"
#include <openssl/ssl.h>
#include <pthread.h>

static SSL_CTX *context;

static void removed(SSL_CTX *ctx, SSL_SESSION *session)
{
    (void)ctx, (void)session;
    sleep(1000);
}

static void *flush(void *unused)
{
    SSL_CTX_flush_sessions(context, 0);
    return unused;
}

int main(void)
{
    pthread_t thread;
    unsigned char id[32] = {1};
    context = SSL_CTX_new(TLS_server_method());
    SSL_SESSION *session = SSL_SESSION_new();
    SSL_SESSION_set1_id(session, id, sizeof(id));
    SSL_SESSION_set_protocol_version(session, TLS1_2_VERSION);
    SSL_CTX_add_session(context, session);
    SSL_CTX_sess_set_remove_cb(context, removed);
    pthread_create(&thread, NULL, flush, NULL);
    usleep(300000);
    pid_t child = fork();
    if (child == 0) {
        SSL_CTX_free(context);
        _exit(0);
    }
    return say_and_wait(child);
}
