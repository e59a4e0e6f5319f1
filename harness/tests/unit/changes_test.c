/* SPDX-License-Identifier: MIT
 *
 * changes_test: may a descriptor number have changed its meaning under a thread
 * that sleeps? changes.c and history.c, on snapshots made by hand.
 */
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "linux/syscalls.h"
#include "proof/changes.h"
#include "proof/snapshot.h"

static int tests, failures;

static void check(bool good, const char *what)
{
    tests++;
    failures += !good;
    printf("%s %d - %s\n", good ? "ok" : "not ok", tests, what);
}

/* Process 10 with the threads 10, who sleeps in read(5), and 11. */
struct world {
    struct process_shot process;
    struct thread_shot thread[2];
    struct snapshot shot;
};

static void make_world(struct world *world, int64_t time)
{
    memset(world, 0, sizeof(*world));
    world->process = (struct process_shot){.pid = 10, .thread_count = 2};
    for (int i = 0; i < 2; i++)
        world->thread[i] =
            (struct thread_shot){.tid = 10 + i, .state = 'S', .call = SYS_read};
    world->thread[0].args[0] = 5;
    world->thread[1].call = SYS_nanosleep;
    world->shot = (struct snapshot){.time = time,
                                    .process = &world->process,
                                    .process_count = 1,
                                    .thread = world->thread,
                                    .thread_count = 2};
}

static void note(struct changes *changes, pid_t tid, unsigned low,
                 unsigned high)
{
    changes_note(changes, &(struct change){.pid = 10,
                                           .tid = tid,
                                           .low = low,
                                           .high = high,
                                           .call = SYS_close});
}

static void test_touch(void)
{
    struct changes changes = {0};
    struct thread_shot sleeper = {.tid = 10, .awake_at = 100};

    note(&changes, 11, 5, 5);
    check(changes_touch(&changes, 10, &sleeper, 5), "a close that may come");
    check(!changes_touch(&changes, 10, &sleeper, 6), "... of another number");
    check(!changes_touch(&changes, 20, &sleeper, 5), "... of another process");
    changes.common_files = true;
    check(changes_touch(&changes, 20, &sleeper, 5), "... with the same table");
    changes.common_files = false;
    sleeper.tid = 11;
    check(!changes_touch(&changes, 10, &sleeper, 5), "... by itself, before");
    sleeper.tid = 10;
    changes_settle_thread(&changes, 11, 99);
    check(!changes_touch(&changes, 10, &sleeper, 5), "over before it slept");
    changes.item[0].settled = 100;
    check(changes_touch(&changes, 10, &sleeper, 5), "... or perhaps not");
    changes_free(&changes);

    note(&changes, 11, 3, ~0U);
    check(changes_touch(&changes, 10, &sleeper, 900), "a range");
    check(!changes_touch(&changes, 10, &sleeper, 2), "... and what is below");
    changes_free(&changes);
    for (unsigned i = 0; i < 5000; i++)
        note(&changes, 11, 1000 + i, 1000 + i);
    check(changes_touch(&changes, 10, &sleeper, 5), "too many to be kept");
    changes_free(&changes);
}

static void test_made_later(void)
{
    struct changes changes = {0};
    struct thread_shot sleeper = {.tid = 50, .awake_at = 100, .absent_at = 100};

    note(&changes, 11, 5, 5);
    changes.item[0].last_tid = 40;
    changes.item[0].lasts = 1000;
    check(changes_touch(&changes, 10, &sleeper, 5), "not over yet");
    changes.item[0].settled = 200;
    check(!changes_touch(&changes, 10, &sleeper, 5),
          "over before the thread was made");
    changes.item[0].last_tid = 50;
    check(changes_touch(&changes, 10, &sleeper, 5), "... or not");
    changes.item[0].last_tid = 0;
    check(changes_touch(&changes, 10, &sleeper, 5), "... or who knows");
    changes.item[0].last_tid = 40;
    changes.item[0].settled = 1000000000;
    check(changes_touch(&changes, 10, &sleeper, 5),
          "numbers may have begun anew");
    changes_free(&changes);
}

static void test_same_numbers(void)
{
    struct changes changes = {0};

    for (int64_t i = 0; i < 5000; i++) {
        note(&changes, 11, 5, 5);
        changes_settle_thread(&changes, 11, i);
    }
    check(changes.count == 1 && changes.item[0].settled == 4999,
          "the same number again and again takes one place");
    note(&changes, 12, 5, 5);
    note(&changes, 13, 5, 5);
    changes_settle_thread(&changes, 13, 6000);
    check(changes.count == 3, "... but not that of another thread");
    note(&changes, 12, 5, 5);
    check(changes.count == 4, "... nor of one that is not over");
    changes_free(&changes);
}

/* ---- what a number led to before ---- */

static unsigned taken;

static void take(void *context, const struct link *former)
{
    (void)context;
    taken |= 1U << former->inode;
}

/* The thread is about to close 5, which leads to this inode; 0: to nothing. */
static void note_file(struct changes *changes, pid_t tid, ino_t inode,
                      bool regular)
{
    changes_note(changes, &(struct change){.pid = 10,
                                           .tid = tid,
                                           .low = 5,
                                           .high = 5,
                                           .heard_at = 200,
                                           .was_open = inode != 0,
                                           .regular = regular,
                                           .former = {.inode = inode},
                                           .call = SYS_close});
}

/* Are these known to be all that number 5 may have led to for the sleeper? */
static bool formers_are(const struct changes *changes,
                        const struct thread_shot *sleeper, bool polled,
                        unsigned inodes)
{
    taken = 0;
    return changes_formers(changes, 10, sleeper, 5, 5, polled, take, NULL) &&
           taken == inodes;
}

static void test_formers(void)
{
    struct changes changes = {0};
    struct thread_shot sleeper = {
        .tid = 10, .awake_at = 100, .still_since = 150};

    note_file(&changes, 11, 1, false);
    changes_settle_thread(&changes, 11, 210);
    note_file(&changes, 11, 2, false);
    changes_settle_thread(&changes, 11, 220);
    check(formers_are(&changes, &sleeper, false, 6),
          "each file that there was");
    sleeper.awake_at = 215;
    check(formers_are(&changes, &sleeper, false, 4), "... since it was awake");
    sleeper.awake_at = 100;
    note_file(&changes, 11, 0, false);
    check(formers_are(&changes, &sleeper, false, 6),
          "... and a number that led to nothing while it slept");
    sleeper.still_since = 250;
    check(!formers_are(&changes, &sleeper, false, 6),
          "... but who knows to what, if it may have begun after that");
    changes_free(&changes);

    note_file(&changes, 11, 3, true);
    check(formers_are(&changes, &sleeper, false, 8), "a file on a disk");
    check(formers_are(&changes, &sleeper, true, 0), "... is not polled");
    note_file(&changes, 12, 4, false);
    check(!formers_are(&changes, &sleeper, true, 8 | 16) &&
              changes_touch_any(&changes, 10, &sleeper),
          "two threads change one number at once");
    changes_free(&changes);
    note(&changes, 11, 3, 9);
    check(!formers_are(&changes, &sleeper, false, 0), "a range");
    changes_free(&changes);
    changes.common_files = true;
    note_file(&changes, 11, 1, false);
    check(!formers_are(&changes, &sleeper, false, 2), "two processes, a table");
    changes_free(&changes);
}

/* ---- who maps memory ---- */

static void test_mappers(void)
{
    struct mapper item[] = {{20, 50, 0, 5000000000, INT64_MAX, 4096, false},
                            {30, 20, 0, 7000000000, 8000000000, 8192, false}};
    struct mappers mappers = {.item = item, .count = 2};
    unsigned long long second = (unsigned long long)sysconf(_SC_CLK_TCK);

    check(mappers_may_have(&mappers, 30, 1, true), "it maps a file of others");
    check(!mappers_may_have(&mappers, 20, 1, true) &&
              mappers_may_have(&mappers, 20, 1, false),
          "... or only memory of its own");
    check(!mappers_may_have(&mappers, 40, 4 * second, false),
          "one that was there before has nothing of it");
    check(mappers_may_have(&mappers, 40, 5 * second - 1, false),
          "... one that was made later may be a copy");
    check(!mappers_may_have(&mappers, 40, 6 * second, true) &&
              mappers_may_have(&mappers, 40, 9 * second, true),
          "... of the one with the file, or before it had that");
    check(!mappers_may_have(&mappers, 50, 5 * second - 1, false),
          "... but not its parent");
    check(mappers_may_have(&mappers, 50, 5 * second + 1, false),
          "... unless the number is another process's by now");
    check(mappers_all_there(&mappers, 20, 1, 4096),
          "all that it mapped is there");
    check(!mappers_all_there(&mappers, 20, 1, 0), "... or not");
    check(!mappers_all_there(&mappers, 40, 1, 0), "it mapped nothing itself");
    check(!mappers_all_there(&mappers, 30, 6 * second, 8192),
          "... or may be a copy");
    item[0].moved = true;
    check(!mappers_all_there(&mappers, 20, 1, 4096), "it moved some");
    mappers.any = true;
    check(mappers_may_have(&mappers, 40, 1, true), "it is not known who");
}

static void test_settle(void)
{
    struct changes changes = {0};
    struct world world;

    make_world(&world, 50);
    note(&changes, 11, 5, 5);
    world.thread[1].call = SYS_close;
    changes_settle(&changes, &world.shot, 60);
    check(changes.item[0].settled == INT64_MAX, "it is still in its call");
    world.thread[1].state = 'R';
    world.thread[1].call = -1;
    changes_settle(&changes, &world.shot, 60);
    check(changes.item[0].settled == INT64_MAX, "it runs: nobody knows where");
    world.thread[1].state = 'S';
    changes_settle(&changes, &world.shot, 60);
    check(changes.item[0].settled == 60, "it sleeps in another call");
    world.thread[0].awake_at = world.thread[1].awake_at = 61;
    changes_settle(&changes, &world.shot, 62);
    check(changes.count == 0, "forgotten when all calls are younger");
    note(&changes, 99, 5, 5);
    changes_settle(&changes, &world.shot, 70);
    check(changes.item[0].settled == 70, "the thread has ended");
    changes_free(&changes);
}

/* ---- history ---- */

static void test_follow(void)
{
    struct snapshot nothing = {.time = 10};
    struct world one, two;

    make_world(&one, 20);
    snapshot_follow(&one.shot, &nothing);
    check(one.thread[0].awake_at == 10, "not there in the look before");
    make_world(&two, 30);
    two.thread[0].voluntary = 7;
    snapshot_follow(&two.shot, &one.shot);
    check(two.thread[0].awake_at == 10,
          "woken, perhaps in vain: it may be the same call");
    check(two.thread[0].still_since == 30 && two.thread[1].still_since == 20,
          "... and it has moved, unlike the other one");
    make_world(&one, 40);
    one.thread[0].state = 'R';
    one.thread[0].call = -1;
    snapshot_follow(&one.shot, &two.shot);
    make_world(&two, 50);
    snapshot_follow(&two.shot, &one.shot);
    check(two.thread[0].awake_at == 10, "... also where it was seen to run");
    make_world(&one, 60);
    one.thread[0].args[0] = 6;
    snapshot_follow(&one.shot, &two.shot);
    check(one.thread[0].awake_at == 50, "another call");
    make_world(&two, 70);
    two.process.start = 1;
    snapshot_follow(&two.shot, &one.shot);
    check(two.thread[1].awake_at == 60, "another process with the same number");
}

int main(void)
{
    test_touch();
    test_made_later();
    test_same_numbers();
    test_formers();
    test_mappers();
    test_settle();
    test_follow();
    printf("1..%d\n", tests);
    return failures != 0;
}
