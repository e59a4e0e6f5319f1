/* SPDX-License-Identifier: MIT
 *
 * exit() destroys a condition variable for which threads wait.
 */
#include "say.h"
#include <condition_variable>
#include <thread>

static std::mutex mutex;
static std::condition_variable ready;

int main()
{
    for (int i = 0; i < 3; i++)
        std::thread([] {
            std::unique_lock<std::mutex> lock(mutex);
            for (;;)
                ready.wait(lock);
        }).detach();
    usleep(300000);
    printf("PIDS %d %d\n", (int)getpid(), (int)getpid());
    fflush(stdout);
}
