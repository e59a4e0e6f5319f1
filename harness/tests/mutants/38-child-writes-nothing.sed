# broken: the child does not raise the price
/^        raise_price();/d
s/^    int status;/&\n    (void)raise_price;/
