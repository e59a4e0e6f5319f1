# broken: the child starts with the orders of its parent
s/ordered = taken = 0;//
