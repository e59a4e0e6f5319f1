# SPDX-License-Identifier: MIT
# The parent writes and does not read, and the output of the child fills up.
use IPC::Open2;
$| = 1;
my $pid = open2(my $out, my $in, "cat");
print "PIDS $$ $pid\n";
print $in "x" x 1_000_000;
