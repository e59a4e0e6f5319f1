#!/bin/sh
# SPDX-License-Identifier: MIT
#
# init: process 1 of the machine that vm.sh starts. It loads the modules, mounts
# what a system has, runs every lab with inside.sh and switches the machine off. The
# rows lie in a directory of the host (9p): what is done is there, whatever follows.
#
# /vm/work: how inside.sh is called, a line for each C library.
set -u
export PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C

box=/vm/busybox

off() {
    echo "matrix: $*"
    $box sync
    $box poweroff -f
}

$box mount -t proc proc /proc
$box mount -t sysfs sysfs /sys
$box mount -t devtmpfs devtmpfs /dev
$box mkdir -p /dev/pts /dev/shm /run /tmp /rows
$box mount -t devpts -o mode=620,ptmxmode=666 devpts /dev/pts
for directory in /dev/shm /run /tmp; do
    $box mount -t tmpfs -o mode=1777 tmpfs "$directory"
done
$box ln -sf /proc/self/fd /dev/fd
$box ifconfig lo 127.0.0.1 up
$box hostname forklab
while read -r module; do
    $box insmod "/vm/$module" || echo "matrix: no module $module"
done </vm/modules
$box mount -t 9p -o trans=virtio,version=9p2000.L rows /rows ||
    off 'the directory for the rows cannot be mounted'

uname -r >/rows/started
cd /forklab || off 'there is no /forklab'
build/forklab doctor >/rows/doctor 2>&1 </dev/null
sh /vm/work </dev/null
: >/rows/done
off 'all was run'
