# SPDX-License-Identifier: MIT
# A thread has locked three mutexes, for two of which others wait.
first, second, third = Mutex.new, Mutex.new, Mutex.new
Thread.new do
  [first, second, third].each(&:lock)
  sleep # KEEPS
end
sleep 0.01 until third.locked?
Thread.new { first.lock } # WAITS
Thread.new { third.lock } # WAITS TOO
sleep 0.5
puts "PIDS #{$$} #{$$}"
$stdout.flush
sleep
