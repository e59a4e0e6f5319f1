/* SPDX-License-Identifier: MIT
 *
 * 34: a thread looks up localhost, again and again. The child looks it up once.
 */
#include "trials.h"

#include <netdb.h>

static void look_up(void)
{
    struct addrinfo *found;

    if (getaddrinfo("localhost", NULL, NULL, &found) == 0)
        freeaddrinfo(found);
}

static void *work(void *unused)
{
    for (;;)
        look_up();
    return unused;
}

static int child(void)
{
    look_up();
    return RIGHT;
}

int main(int argc, char **argv)
{
    start(work);
    return trials(argc, argv, child);
}
