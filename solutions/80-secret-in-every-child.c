/* SPDX-License-Identifier: MIT
 *
 * 80-secret-in-every-child: the server wipes its key, and a worker still has
 * it.
 *
 * Hazard:  server: signs with key {3*n}
 *          worker: in its memory: certificate {n}, key {3*n}
 *          [worker] exit 42
 * Safe:    server: signs with key {3*n}
 *          worker: in its memory: certificate {n}, key 0
 *          [worker] exit 42
 * Work:    pipe
 * Number:  4711
 *
 * See 80-secret-in-every-child.md, fork(2), madvise(2), explicit_bzero(3).
 */
#include "lab.h"

#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>

enum { SIZE = 32 };

static char *public, *key;

/* Memory that no child is to get. Kernels before 4.14 cannot do that: there it
 * has to work without. */
static char *secret_memory(void)
{
    /* FIX: madvise() is for whole pages, and inside of one it fails. So the
     * secret has a page of its own, and a failure does not go unnoticed. */
    char *memory = mmap(NULL, SIZE, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (memory == MAP_FAILED)
        die("mmap");
    if (madvise(memory, SIZE, MADV_WIPEONFORK) == -1)
        die("madvise");
    return memory;
}

/* Not by snprintf(3): musl's leaves a second copy on the stack. */
static void put(char *memory, const char *what, int number)
{
    size_t used = 0;

    lab_append(memory, SIZE - 1, &used, what);
    lab_append_number(memory, SIZE - 1, &used, number, 10);
    memory[used] = '\0';
}

/* The number behind `what` in the memory of this process, 0 where there is
 * none: what a client learns who can make a worker send more than it should. */
static int leaked(const char *what)
{
    unsigned long from, to;
    char rights[5];
    int number = 0;
    FILE *maps = fopen("/proc/self/maps", "re");

    if (maps == NULL)
        die("fopen");
    while (fscanf(maps, "%lx-%lx %4s%*[^\n]", &from, &to, rights) == 3) {
        if (number != 0 || strncmp(rights, "rw", 2) != 0)
            continue;
        const char *found = memmem((void *)from, to - from, what, strlen(what));
        number = found != NULL ? atoi(found + strlen(what)) : 0;
    }
    fclose(maps);
    return number;
}

/* Sends what is public to its clients, and has no use for the key. */
__attribute__((noreturn)) static void work(struct event *wiped)
{
    call_me("worker");
    event_wait(wiped);
    show("worker: in its memory: certificate %d, key %d",
         leaked("CERTIFICATE "), leaked("PRIVATE KEY "));
    _exit(42);
}

int main(void)
{
    int number = run_number(4711);
    struct event wiped;

    call_me("server");
    event_make(&wiped);
    public = malloc(SIZE);
    key = secret_memory();
    put(public, "CERTIFICATE ", number);
    put(key, "PRIVATE KEY ", 3 * number);
    pid_t pid = fork();
    if (pid == -1)
        die("fork");
    if (pid == 0)
        work(&wiped);

    say("server: offers %s", public);
    show("server: signs with key %s", key + strlen("PRIVATE KEY "));
    explicit_bzero(key, SIZE);
    event_announce(&wiped);
    wait(NULL);
    return 0;
}
