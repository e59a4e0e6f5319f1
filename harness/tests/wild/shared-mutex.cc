/* SPDX-License-Identifier: MIT
 *
 * A thread holds a std::shared_mutex when main forks.
 */
#include "say.h"
#include <shared_mutex>
#include <thread>

static std::shared_mutex table;

int main()
{
    std::thread([] {
        table.lock();
        sleep(1000);
    }).detach();
    usleep(300000);
    pid_t child = fork();
    if (child == 0) {
        std::shared_lock<std::shared_mutex> lock(table); /* HERE */
        _exit(0);
    }
    return say_and_wait(child);
}
