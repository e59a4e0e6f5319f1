/* SPDX-License-Identifier: MIT
 *
 * 23-same-nonce-twice: two processes encrypt with one key and one number.
 *
 * Hazard:  server: GET /cat
 *          wire: pin {n}
 *          server: decryption failed or bad record mac
 *          [child] exit 42
 *          [server] exit 0
 * Safe:    server: GET /cat
 *          server: pin {n}
 *          [child] exit 42
 *          (2 [server] exit 0)
 * Number:  4711
 * Needs:   openssl
 *
 * See 23-same-nonce-twice.md, fork(2), SSL_write(3), socketpair(2).
 */
#include "tls.h"

#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>

enum { HEADER = 5, SIZE = 8 }; /* of a record of TLS, of our requests */

/* Beside the server sits somebody who sees what is on the wire, has no key, and
 * knows what the first request says. */
static void serve(int fd)
{
    unsigned char wire[HEADER + SIZE], before[HEADER + SIZE] = "";
    char guess[SIZE + 1] = "", text[SIZE + 1] = "";

    call_me("server");
    signal(SIGPIPE, SIG_IGN); /* it may complain to a client that has left */
    SSL *tls = tls_on(fd, TLS_server_method());
    if (SSL_accept(tls) != 1)
        die("SSL_accept");
    while (recv(fd, wire, sizeof(wire), MSG_PEEK | MSG_WAITALL) > 0) {
        for (int i = 0; i < SIZE; i++)
            guess[i] = (char)(wire[HEADER + i] ^ before[HEADER + i] ^ text[i]);
        if (memcmp(guess, "pin ", 4) == 0)
            show("wire: %s", guess);
        if (SSL_read(tls, text, SIZE) != SIZE)
            break;
        show("server: %s", text);
        memcpy(before, wire, sizeof(wire));
    }
    if (ERR_peek_error() != 0)
        show("server: %s", ERR_reason_error_string(ERR_peek_error()));
    _exit(0);
}

/* A connection, and at its other end a server of its own. */
static SSL *connect_tls(void)
{
    int end[2];

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, end) == -1)
        die("socketpair");
    pid_t server = fork();
    if (server == -1)
        die("fork");
    if (server == 0) {
        close(end[0]);
        serve(end[1]);
    }
    close(end[1]);
    SSL *tls = tls_on(end[0], TLS_client_method());
    if (SSL_connect(tls) != 1)
        die("SSL_connect");
    return tls;
}

static void ask(SSL *tls, const char *request)
{
    if (SSL_write(tls, request, SIZE) != SIZE)
        die("SSL_write");
}

int main(void)
{
    char pin[SIZE + 1] = "pin ";
    size_t used = strlen(pin);
    int status;

    lab_append(pin, SIZE, &used, run_word("4711"));
    SSL *tls = connect_tls();

    pid_t child = fork();
    if (child == -1)
        die("fork");
    if (child == 0) {
        /* FIX: keys and numbers of a connection are for one process: the child
         * makes a connection of its own. */
        tls = connect_tls();
        ask(tls, "GET /cat");
        close(SSL_get_fd(tls));
        wait(NULL); /* for its server, if it has one */
        _exit(42);
    }
    if (waitpid(child, &status, 0) == -1)
        die("waitpid");
    say_end("child", status);
    ask(tls, pin);
    close(SSL_get_fd(tls));
    wait(NULL);
    return 0;
}
