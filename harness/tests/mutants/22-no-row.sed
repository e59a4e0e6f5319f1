# broken: there is nothing to commit
/INSERT INTO lab.orders/d
