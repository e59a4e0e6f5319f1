# broken: the child does not say the date
/show("child: %s/d
