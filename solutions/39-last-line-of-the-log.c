/* SPDX-License-Identifier: MIT
 *
 * 39-last-line-of-the-log: the child logs one line, and waits for ever.
 *
 * Hazard:  log: shop: worker sold {n}
 *          [child] hang in syslog
 * Safe:    log: shop: worker sold {n}
 *          log: shop: child sold {n+1}
 *          [child] exit 42
 * Work:    thread
 * Number:  10
 * Hazard (musl):  none
 *
 * See 39-last-line-of-the-log.md, syslog(3), fork(2), mount_namespaces(7).
 */
#include "lab.h"

#include "devlog.h"

#include <pthread.h>
#include <syslog.h>

static int log_socket;
static struct event logs, forked;
static pid_t main_tid, worker_tid;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void write_log(const char *who, int number)
{
    pthread_mutex_lock(&lock);
    syslog(LOG_INFO, "%s sold %d", who, number);
    pthread_mutex_unlock(&lock);
}

static void *work(void *sold)
{
    call_me("worker");
    worker_tid = gettid();
    say("worker: logs");
    event_announce(&logs);
    write_log("worker", *(int *)sold);
    return NULL;
}

static void show_log(int flags)
{
    char line[200];

    if (read_log(log_socket, flags, "shop: ", line))
        show("log: %s", line);
}

/* The system's logger: it is busy until main has forked. */
static void *read_late(void *unused LAB_UNUSED)
{
    call_me("logger");
    event_wait_or_futex(&forked, main_tid);
    say("logger: reads");
    show_log(0);
    return NULL;
}

int main(void)
{
    int sold = run_number(10), status;
    pthread_t worker, logger;

    log_socket = own_log();
    fill_log();
    openlog("shop", 0, LOG_USER);
    main_tid = gettid();
    event_make(&logs);
    event_make(&forked);
    if (pthread_create(&worker, NULL, work, &sold) != 0 ||
        pthread_create(&logger, NULL, read_late, NULL) != 0)
        die("pthread_create");

    event_wait(&logs);
    wait_for_send(worker_tid);
    say("parent: forks");
    /* FIX: who logs has a lock of ours, and who forks takes it first: so at the
     * fork nobody is in syslog(). */
    pthread_mutex_lock(&lock);
    pid_t pid = fork();
    pthread_mutex_unlock(&lock);
    if (pid == -1)
        die("fork");
    if (pid == 0) {
        write_log("child", sold + 1);
        _exit(42);
    }

    event_announce(&forked);
    if (waitpid(pid, &status, 0) == -1)
        die("waitpid");
    say_end("child", status);
    pthread_join(worker, NULL);
    pthread_join(logger, NULL);
    show_log(MSG_DONTWAIT);
    return 0;
}
