# SPDX-License-Identifier: MIT
# A thread keeps a mutex that its parent waits for; a forked worker reads a pipe
# whose write end the parent has not closed.
class Keeper
  def keep(lock)
    lock.synchronize do
      sleep # KEEPS
    end
  end
end

def take(reader, depth)
  return take(reader, depth - 1) if depth > 0 # AGAIN

  [1].each do |_|
    reader.read # READS
  end
end

lock = Mutex.new
reader, writer = IO.pipe
Thread.new { Keeper.new.keep(lock) } # STARTS
sleep 0.01 until lock.locked?
child = fork do # FORKS
  writer.close
  # The lines of a long function are found in another part of their table.
  a = b = c = d = e = f = 1
  a += b; b += c; c += d; d += e; e += f; f += a
  a += b; b += c; c += d; d += e; e += f; f += a
  a += b; b += c; c += d; d += e; e += f; f += a
  a += b; b += c; c += d; d += e; e += f; f += a
  a += b; b += c; c += d; d += e; e += f; f += a
  a += b; b += c; c += d; d += e; e += f; f += a
  a += b; b += c; c += d; d += e; e += f; f += a
  a += b; b += c; c += d; d += e; e += f; f += a
  a += b; b += c; c += d; d += e; e += f; f += a
  a += b; b += c; c += d; d += e; e += f; f += a
  a += b; b += c; c += d; d += e; e += f; f += a
  take(reader, 2) # TAKES
end
puts "PIDS #{$$} #{child}"
$stdout.flush
lock.synchronize { 1 } # WAITS
