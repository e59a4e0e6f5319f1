/* SPDX-License-Identifier: MIT
 *
 * Two full pipes are the cause; an idle pool is not.
 */
#include "say.h"
#include <condition_variable>
#include <thread>
#include <vector>

static std::mutex mutex;
static std::condition_variable jobs;

static void worker()
{
    std::unique_lock<std::mutex> lock(mutex);
    for (;;)
        jobs.wait(lock);
}

int main()
{
    int in[2], out[2];
    std::thread(worker).detach();
    std::thread(worker).detach();
    usleep(300000);
    if (pipe(in) || pipe(out))
        return 1;
    pid_t child = fork();
    if (child == 0) {
        dup2(in[0], 0);
        dup2(out[1], 1);
        for (int i = 3; i < 20; i++)
            close(i);
        execlp("cat", "cat", (char *)0);
        _exit(1);
    }
    close(in[0]);
    close(out[1]);
    printf("PIDS %d %d\n", (int)getpid(), (int)child);
    fflush(stdout);
    std::vector<char> much(1000000, 'x');
    return write(in[1], much.data(), much.size()) == 0;
}
