# broken: no program is started
s/execle("/execle("\/no/
