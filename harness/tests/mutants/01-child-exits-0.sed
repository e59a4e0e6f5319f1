# broken: a child that ends by accident
s/_exit(42)/_exit(0)/
