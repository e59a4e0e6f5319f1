# broken: the child asks on the connection of its parent
s/if (db_owner != getpid())/if (db_owner == 0)/
