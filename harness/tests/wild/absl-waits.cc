/* SPDX-License-Identifier: MIT
 *
 * A thread has an absl::Mutex when main forks; the child wants to read, or waits
 * for a condition that nobody is left to change.
 */
#include "say.h"
#include <absl/synchronization/mutex.h>
#include <cstring>
#include <thread>

static absl::Mutex mu, free_one;
static absl::CondVar changed;
static bool done;

int main(int argc, char **argv)
{
    const char *mode = argc > 1 ? argv[1] : "";

    std::thread([] {
        mu.Lock();
        sleep(1000);
    }).detach();
    usleep(300000);
    pid_t child = fork();
    if (child == 0) {
        if (strcmp(mode, "read") == 0)
            mu.ReaderLock();
        free_one.Lock();
        if (strcmp(mode, "await") == 0)
            free_one.Await(absl::Condition(&done));
        changed.Wait(&free_one);
        _exit(0);
    }
    return say_and_wait(child);
}
