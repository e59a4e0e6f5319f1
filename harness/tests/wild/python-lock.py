# SPDX-License-Identifier: MIT
# A thread holds the lock of a queue, main forks, the child puts (bpo-6721).
import os, queue, threading, time

jobs = queue.Queue()
held = threading.Event()


def hold():
    with jobs.mutex:
        held.set()
        time.sleep(1000)


threading.Thread(target=hold, daemon=True).start()
held.wait()
child = os.fork()
if child == 0:
    jobs.put("work")
print(f"PIDS {os.getpid()} {child}", flush=True)
os.waitpid(child, 0)
