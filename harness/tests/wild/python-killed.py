# SPDX-License-Identifier: MIT
# A process that reads a queue has its lock, and is killed (bpo-22393).
import multiprocessing, os, signal, time

multiprocessing.set_start_method("fork")
jobs = multiprocessing.SimpleQueue()
holder = multiprocessing.Process(target=jobs.get)
holder.start()
while jobs._rlock.acquire(block=False):
    jobs._rlock.release()
    time.sleep(0.01)
waiter = multiprocessing.Process(target=jobs.get)
waiter.start()
os.kill(holder.pid, signal.SIGKILL)
holder.join()
print(f"PIDS {os.getpid()} {waiter.pid}", flush=True)
waiter.join()
