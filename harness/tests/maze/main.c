/* SPDX-License-Identifier: MIT
 *
 * main: see maze.h.
 *
 *   maze run PLAN               is the program
 *   maze show PLAN              prints it
 *   maze native PLAN SECONDS    runs it without a cage, and ends what is left
 * of it then: status 0 it has ended, 1 it had not
 *
 * PLAN is a seed, or a file that `maze show` has written.
 */
#define _GNU_SOURCE
#include "maze.h"

#include <ctype.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/msg.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lab.h"

static void run(void)
{
    signal(SIGPIPE, SIG_IGN);
    things_open();
    play(&plan.actor[0]);
}

/* All processes are of one group, and ours when their parents have ended. */
static int run_native(double seconds)
{
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    pid_t group = fork();
    if (group == -1)
        die("fork");
    if (group == 0) {
        setpgid(0, 0);
        run();
        _exit(0);
    }
    setpgid(group, group);
    for (int ms = 0; ms < seconds * 1000; ms += 10) {
        while (waitpid(-1, NULL, WNOHANG) > 0)
            ;
        if (waitpid(-1, NULL, WNOHANG) == -1 && errno == ECHILD)
            return 0;
        usleep(10000);
    }
    kill(-group, SIGKILL);
    while (waitpid(-1, NULL, 0) > 0)
        ;
    return 1;
}

int main(int argc, char **argv)
{
    int status = 0;

    if (argc < 3)
        return 2;
    if (isdigit((unsigned char)argv[2][0]))
        plan_make(strtoul(argv[2], NULL, 10));
    else
        plan_read(argv[2]);
    common_make();
    if (strcmp(argv[1], "run") == 0) {
        run();
        return 0;
    }
    if (strcmp(argv[1], "show") == 0)
        plan_print();
    if (strcmp(argv[1], "native") == 0 && argc == 4)
        status = run_native(strtod(argv[3], NULL));
    if (common->queue != -1)
        msgctl(common->queue, IPC_RMID, NULL);
    return status;
}
