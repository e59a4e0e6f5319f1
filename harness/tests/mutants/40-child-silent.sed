# broken: the child does not say what it has
/^        show("child/d
