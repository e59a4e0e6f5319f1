# broken: the service ends at once
s/^    while (read(customer.*/    _exit(42);\n&/
