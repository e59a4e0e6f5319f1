# SPDX-License-Identifier: MIT
# join() before the queue is drained: "Joining processes that use queues".
import multiprocessing, os


def work(queue):
    queue.put("x" * 1_000_000)


multiprocessing.set_start_method("fork")
queue = multiprocessing.Queue()
process = multiprocessing.Process(target=work, args=(queue,))
process.start()
print(f"PIDS {os.getpid()} {process.pid}", flush=True)
process.join()
