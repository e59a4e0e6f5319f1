s/vfork()/_Fork()/
