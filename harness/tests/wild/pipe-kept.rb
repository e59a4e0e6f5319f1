# SPDX-License-Identifier: MIT
# A forked worker reads a pipe whose write end its parent still has.
reader, writer = IO.pipe
child = fork do
  writer.close
  reader.read
end
puts "PIDS #{$$} #{child}"
$stdout.flush
Process.wait(child)
