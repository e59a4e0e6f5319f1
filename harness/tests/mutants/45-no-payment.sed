# broken: nothing is written twice, because nothing is written
s/show("pay %s", payee)/(void)payee/
