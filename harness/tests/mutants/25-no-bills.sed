# broken: the child stores nothing
/^        store("child"/d
