# broken: the bills stand among the orders
s/store("child", bills/store("child", orders/
