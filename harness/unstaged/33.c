/* SPDX-License-Identifier: MIT
 *
 * 33: a thread writes lines with the date into a buffer, as for a log. The
 * child wants to write one, too.
 */
#include "trials.h"

#include <time.h>

static void write_line(void)
{
    char date[40], line[80];
    struct tm local;
    time_t now = time(NULL);

    localtime_r(&now, &local);
    strftime(date, sizeof(date), "%F %T", &local);
    snprintf(line, sizeof(line), "%s all is well", date);
}

static void *work(void *unused)
{
    for (;;)
        write_line();
    return unused;
}

static int child(void)
{
    write_line();
    return RIGHT;
}

int main(int argc, char **argv)
{
    start(work);
    return trials(argc, argv, child);
}
