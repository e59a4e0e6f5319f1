/* SPDX-License-Identifier: MIT
 *
 * proc_fuzz: the readers of /proc must stand whatever stands there. This file
 * takes the place of proc.c: every file that the snapshot reads is a piece of
 * the input. libFuzzer, `make fuzz`.
 */
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "proof/verdict.h"
#include "linux/proc.h"
#include "report/report.h"
#include "proof/snapshot.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What is left of the input. Pieces end at a NUL byte. */
static const uint8_t *input;
static size_t left;

ssize_t proc_read(char *text, size_t size, const char *format, ...)
{
    size_t used = 0;

    (void)format;
    while (left > 0 && used < size - 1) {
        uint8_t byte = *input++;
        left--;
        if (byte == '\0')
            break;
        text[used++] = (char)byte;
    }
    text[used] = '\0';
    return used == 0 ? -1 : (ssize_t)used;
}

void pids_add(struct pids *list, pid_t pid)
{
    GROW(list->pid, list->count);
    list->pid[list->count++] = pid;
}

void pids_free(struct pids *list)
{
    free(list->pid);
    *list = (struct pids){0};
}

void proc_all(struct pids *list)
{
    (void)list;
}

/* One thread for each of a few: its number is the process's. */
void proc_threads(pid_t pid, struct pids *list)
{
    for (int i = 0; left > 0 && i < 3; i++)
        pids_add(list, pid + i);
}

void proc_descriptors(pid_t pid, struct pids *list)
{
    (void)pid, (void)list;
}

void proc_children(pid_t pid, struct pids *list)
{
    (void)pid, (void)list;
}

bool proc_children_of_thread(pid_t pid, pid_t tid, struct pids *list)
{
    (void)pid, (void)tid, (void)list;
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct knowledge nothing = {
        .alarms_heard = true, .timeouts_heard = true, .passing_heard = true};
    struct snapshot shot;
    struct diagnosis diagnosis;
    /* A number that is no process: what is not read from the input fails. */
    const pid_t nobody = 1 << 30;

    input = data;
    left = size;
    snapshot_take_all(&shot, &nobody, 1);
    snapshot_explore(&shot, &nothing);
    autopsy_judge(&shot, &diagnosis);
    diagnosis_free(&diagnosis);
    snapshot_free(&shot);
    return 0;
}
