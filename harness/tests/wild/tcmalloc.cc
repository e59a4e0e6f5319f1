/* SPDX-License-Identifier: MIT
 *
 * A thread is in tcmalloc, with the lock of its page heap, while main makes a
 * child that allocates too. _Fork(3) runs no handlers: fork(3) would have
 * waited.
 */
#include "say.h"
#include <cstdlib>
#include <gperftools/malloc_extension.h>
#include <thread>

static volatile bool inside;

/* tcmalloc asks for memory here, and has its lock. */
class Waits : public SysAllocator
{
  public:
    void *Alloc(size_t, size_t *, size_t) override
    {
        inside = true;
        for (;;)
            pause();
    }
};

static void *volatile got;

static void allocate()
{
    got = malloc(512UL << 20);
}

int main()
{
    static char buffer[4096];
    static Waits waits;

    setvbuf(stdout, buffer, _IOFBF, sizeof(buffer));
    MallocExtension::instance()->SetSystemAllocator(&waits);
    std::thread thread(allocate);
    while (!inside)
        usleep(1000);
    pid_t child = _Fork();
    if (child == 0)
        allocate();
    return say_and_wait(child);
}
