/* SPDX-License-Identifier: MIT
 *
 * The thread that makes a value was not copied.
 */
#include "say.h"
#include <future>
#include <thread>

static std::promise<int> promise;

int main()
{
    auto future = promise.get_future();
    std::thread([] {
        sleep(1000);
        promise.set_value(1);
    }).detach();
    usleep(300000);
    pid_t child = fork();
    if (child == 0)
        _exit(future.get());
    return say_and_wait(child);
}
