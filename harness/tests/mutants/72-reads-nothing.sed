# broken: the worker reads nothing
/^        take(/,/^        drop(/d
