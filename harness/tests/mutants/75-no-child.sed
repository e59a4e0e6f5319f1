# broken: the child shows nothing
/show("child:/d
