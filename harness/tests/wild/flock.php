<?php
// SPDX-License-Identifier: MIT
// The parent holds the lock of a file and waits for a child that wants it.
$file = fopen($argv[1], "c");
flock($file, LOCK_EX);
$child = pcntl_fork();
if ($child == 0) {
    $own = fopen($argv[1], "c");
    flock($own, LOCK_EX);
    exit(0);
}
echo "PIDS ", getmypid(), " $child\n";
pcntl_waitpid($child, $status);
