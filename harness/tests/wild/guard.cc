/* SPDX-License-Identifier: MIT
 *
 * Another thread is in the initialiser of a static variable when main forks.
 */
#include "say.h"
#include <thread>

struct Slow {
    Slow()
    {
        sleep(1000);
    }
};

static Slow &config()
{
    static Slow c;
    return c;
}

int main()
{
    std::thread([] { config(); }).detach();
    usleep(300000);
    pid_t child = fork();
    if (child == 0) {
        config();
        _exit(0);
    }
    return say_and_wait(child);
}
