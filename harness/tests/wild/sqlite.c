/* SPDX-License-Identifier: MIT
 *
 * A thread is in a query when main forks: the database is locked.
 */
#include "say.h"
#include <pthread.h>
#include <sqlite3.h>

static sqlite3 *base;

static void slow(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count, (void)values;
    sleep(1000);
    sqlite3_result_int(context, 1);
}

static void *query(void *unused)
{
    sqlite3_exec(base, "select slow()", NULL, NULL, NULL);
    return unused;
}

int main(void)
{
    pthread_t thread;
    sqlite3_open_v2(":memory:", &base,
                    SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE |
                        SQLITE_OPEN_FULLMUTEX,
                    NULL);
    sqlite3_create_function(base, "slow", 0, SQLITE_UTF8, NULL, slow, NULL,
                            NULL);
    pthread_create(&thread, NULL, query, NULL);
    usleep(300000);
    pid_t child = fork();
    if (child == 0) {
        sqlite3_exec(base, "select 1", NULL, NULL, NULL);
        _exit(0);
    }
    return say_and_wait(child);
}
