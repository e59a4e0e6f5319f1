/* SPDX-License-Identifier: MIT
 *
 * The library of 49-the-thread-you-did-not-start: see meter.h. It is loaded
 * before main() starts, and so is its thread.
 */
#include "meter.h"
#include "lab.h"

#include <pthread.h>

static pthread_mutex_t meter_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t more = PTHREAD_COND_INITIALIZER;
static int jobs; /* meter_lock protects it */

static struct event busy, never;
static pid_t loader;

/* Sends a report at once, and the next one when `more` is signalled: never. */
static void *report(void *unused)
{
    call_me("meter");
    pthread_mutex_lock(&meter_lock);
    say("meter: sends a report, holds meter_lock");
    event_announce(&busy);
    event_wait_or_futex(&never, loader); /* it takes until someone wants it */
    say("meter: the report is sent");
    for (;;)
        pthread_cond_wait(&more, &meter_lock);
    return unused;
}

__attribute__((constructor)) static void load(void)
{
    pthread_t meter;

    loader = gettid();
    event_make(&busy);
    event_make(&never);
    if (pthread_create(&meter, NULL, report, NULL) != 0)
        die("pthread_create");
}

void meter_count(const char *whose)
{
    pthread_mutex_lock(&meter_lock);
    int count = ++jobs;
    pthread_mutex_unlock(&meter_lock);
    show("%s: job %d", whose, count);
}

void meter_wait_until_busy(void)
{
    event_wait(&busy);
}
