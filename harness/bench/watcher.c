/* SPDX-License-Identifier: MIT
 *
 * watcher: how much of a core the runner takes beside a program that lives. Its
 * own CPU time, without the program's, from the second second on. The floor is
 * a process that waits for 6 ms and reads one small file, again and again.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/bench.h"

#define FROM_MS 1500

/* Percent of a core that a process takes during so many ms. */
static double share_of(pid_t pid, double ms)
{
    double before = cpu_of(pid), at = now_ms();

    pause_ms(ms);
    double after = cpu_of(pid);
    return before < 0 || after < 0 ? -1
                                   : 100 * (after - before) / (now_ms() - at);
}

static double floor_of(double ms)
{
    pid_t pid = fork();

    if (pid == 0)
        for (char text[256];;) {
            int file = open("/proc/1/stat", O_RDONLY | O_CLOEXEC);
            if (read(file, text, sizeof(text)) == -1)
                _exit(1);
            close(file);
            pause_ms(6);
        }
    double share = share_of(pid, ms);
    end(pid);
    return share;
}

static void beside(const char *name, const char *program)
{
    static double floor;
    const double ms = quick ? 2000 : 4000;
    char line[256];

    if (!wanted(name))
        return;
    if (floor == 0)
        floor = floor_of(1000);
    snprintf(line, sizeof(line), FORKLAB " cage --quiet --deadline %d -- %s",
             (int)((ms + FROM_MS) / 1000) + 2, program);
    pid_t pid = start(words(line));
    pause_ms(FROM_MS);
    double share = share_of(pid, ms);
    waitpid(pid, NULL, 0);
    table_add((struct row){.name = name,
                           .unit = "% of a core",
                           .floor = floor,
                           .floor_is = "to read a small file each 6 ms",
                           .peer = -1,
                           .ours = share,
                           .ratio = share});
}

void bench_watcher(void)
{
    if (!quick) {
        beside("watcher-sleep", "sleep 60");
        beside("watcher-busy", LOAD " one 1");
        beside("watcher-1000", LOAD " alive 1000");
        beside("watcher-250", LOAD " family 250");
    }
    beside("watcher-1000busy", LOAD " one 1000");
}
