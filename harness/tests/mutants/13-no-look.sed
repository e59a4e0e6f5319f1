# broken: the child reads nothing
/show("child read/d
