# broken: the child asks for nothing
/show("child: 4 squared/d
