# broken: the child asks for nothing
/show("child: %d squared/d
