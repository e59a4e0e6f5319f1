/* SPDX-License-Identifier: MIT
 *
 * 06-answer-never-comes-back: the child has the answer, the parent waits for
 * it.
 *
 * Hazard:  child found {6*n}
 *          [child] exit 42
 *          [parent] hang in sem_wait
 *          [parent] zombie child
 * Safe:    child found {6*n}
 *          [child] exit 42
 *          parent read {6*n}
 * Number:  7
 *
 * See 06-answer-never-comes-back.md, fork(2), mmap(2), sem_init(3).
 */
#include "lab.h"

#include <semaphore.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>

static struct answer {
    sem_t ready; /* to wait for, until value is there */
    int value;
} * answer;

int main(void)
{
    int status, stat = open("/proc/self/stat", O_RDONLY | O_CLOEXEC);

    if (stat == -1)
        die("open");
    /* FIX: one piece of memory for both, and a semaphore that knows it: each
     * of the two alone does not help. */
    answer = mmap(NULL, sizeof(*answer), PROT_READ | PROT_WRITE,
                  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (answer == MAP_FAILED)
        die("mmap");
    if (sem_init(&answer->ready, 1, 0) == -1)
        die("sem_init");

    pid_t pid = fork();
    if (pid == -1)
        die("fork");
    if (pid == 0) {
        wait_until_asleep(stat);
        answer->value = 6 * run_number(7);
        show("child found %d", answer->value);
        sem_post(&answer->ready);
        _exit(42);
    }

    while (sem_wait(&answer->ready) == -1)
        continue; /* a signal */
    show("parent read %d", answer->value);
    if (waitpid(pid, &status, 0) == -1)
        die("waitpid");
    say_end("child", status);
    return 0;
}
