<?php
// SPDX-License-Identifier: MIT
// A forked worker takes what its parent, which waits for it, never sends.
class Worker
{
    public $source;

    public function take()
    {
        return array_map(function ($unused) { // MAPS
            return fgets($this->source); // READS
        }, [1]);
    }
}

[$near, $far] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
$child = pcntl_fork();
if ($child == 0) {
    $worker = new Worker();
    $worker->source = $near;
    stream_set_timeout($near, 1000);
    eval('$worker->take();'); // EVALUATES
    exit(0);
}
echo "PIDS ", getmypid(), " $child\n";
pcntl_waitpid($child, $status); // WAITS
