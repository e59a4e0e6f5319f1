/* SPDX-License-Identifier: MIT
 *
 * pulse: see pulse.h.
 */
#define _GNU_SOURCE
#include "run/pulse.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool read_text(int file, char *text, size_t size)
{
    ssize_t got = pread(file, text, size - 1, 0);

    text[got > 0 ? got : 0] = '\0';
    return got > 0;
}

/* Does the text show the thread as the snapshot has it? Who ran then and sleeps
 * now is not known to wake up again. */
static bool agrees(const char *text, const struct thread_shot *thread)
{
    return text[0] == 'r' ||
           (thread->state != 'R' && strtol(text, NULL, 10) == thread->call);
}

void pulse_take(struct pulse *pulse, const struct snapshot *shot, size_t who)
{
    const struct thread_shot *thread = &shot->thread[who];
    char path[64];

    pulse_drop(pulse);
    snprintf(path, sizeof(path), "/proc/%d/task/%d/syscall",
             (int)shot->process[thread->process].pid, (int)thread->tid);
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file <= 0)
        return;
    pulse->file = file;
    if (!read_text(file, pulse->text, sizeof(pulse->text)) ||
        !agrees(pulse->text, thread))
        pulse_drop(pulse);
}

bool pulse_is_alive(const struct pulse *pulse, bool *runs)
{
    char text[sizeof(pulse->text)];

    if (pulse->file == 0 || !read_text(pulse->file, text, sizeof(text)))
        return false;
    *runs = text[0] == 'r';
    return *runs || strcmp(text, pulse->text) == 0;
}

void pulse_drop(struct pulse *pulse)
{
    if (pulse->file != 0)
        close(pulse->file);
    pulse->file = 0;
}
