# broken: the child does not say it
/show("child: localhost/d
