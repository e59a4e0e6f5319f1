# broken: the child has no handlers
/^        show("child/d
