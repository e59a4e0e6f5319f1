# broken: there is no second one to be told
s/^    type("second");//
