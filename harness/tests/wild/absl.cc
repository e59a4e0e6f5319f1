/* SPDX-License-Identifier: MIT
 *
 * A thread holds an absl::Mutex when main forks.
 */
#include "say.h"
#include <absl/synchronization/mutex.h>
#include <thread>

static absl::Mutex mu;

int main()
{
    std::thread([] {
        mu.Lock();
        sleep(1000);
    }).detach();
    usleep(300000);
    pid_t child = fork();
    if (child == 0) {
        mu.Lock();
        _exit(0);
    }
    return say_and_wait(child);
}
