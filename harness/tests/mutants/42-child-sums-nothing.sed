# broken: the child does not do its work
/show("child: sum/d
