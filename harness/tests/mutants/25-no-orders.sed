# broken: the parent stores nothing
/^    store("parent"/d
