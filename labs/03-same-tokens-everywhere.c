/* SPDX-License-Identifier: MIT
 *
 * 03-same-tokens-everywhere: two workers draw a token, and it is the same one.
 *
 * Hazard:  token: the same twice
 *          RAND_bytes(): two tokens
 *          getrandom(): two tokens
 *          2 [worker] exit 42
 * Safe:    token: two tokens
 *          RAND_bytes(): two tokens
 *          getrandom(): two tokens
 *          2 [worker] exit 42
 * Work:    pipe
 * Needs:   openssl
 *
 * See 03-same-tokens-everywhere.md, fork(2), random(3), getrandom(2).
 */
#include "lab.h"

#include <openssl/rand.h>
#include <string.h>
#include <sys/random.h>
#include <sys/wait.h>

struct tokens {
    long token; /* what the program hands out: a session, a file name ... */
    long openssl, kernel; /* to compare with */
};

static long new_token(void)
{
    return random();
}

static struct tokens draw(void)
{
    struct tokens drawn = {.token = new_token()};

    if (RAND_bytes((unsigned char *)&drawn.openssl, sizeof(long)) != 1)
        die("RAND_bytes");
    if (getrandom(&drawn.kernel, sizeof(long), 0) != sizeof(long))
        die("getrandom");
    return drawn;
}

/* What a worker draws. */
static struct tokens ask_worker(void)
{
    struct tokens drawn;
    int fd[2], status;

    if (pipe(fd) == -1)
        die("pipe");
    pid_t pid = fork();
    if (pid == -1)
        die("fork");
    if (pid == 0) {
        call_me("worker");
        drawn = draw();
        if (write(fd[1], &drawn, sizeof(drawn)) != sizeof(drawn))
            die("write");
        _exit(42);
    }
    if (read(fd[0], &drawn, sizeof(drawn)) != sizeof(drawn))
        die("read");
    if (waitpid(pid, &status, 0) == -1)
        die("waitpid");
    close(fd[0]);
    close(fd[1]);
    return drawn;
}

static void compare(const char *what, long one, long other)
{
    show("%s: %s", what, one == other ? "the same twice" : "two tokens");
}

int main(void)
{
    unsigned seed;

    if (getrandom(&seed, sizeof(seed), 0) != sizeof(seed))
        die("getrandom");
    srandom(seed); /* a good seed, once, as one should */
    (void)draw();  /* and all generators are in use */

    struct tokens one = ask_worker(), other = ask_worker();
    compare("token", one.token, other.token);
    compare("RAND_bytes()", one.openssl, other.openssl);
    compare("getrandom()", one.kernel, other.kernel);
    return 0;
}
