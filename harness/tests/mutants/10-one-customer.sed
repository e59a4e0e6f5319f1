# broken: the second never comes
s/int second = .*/int second = dup(first);/
