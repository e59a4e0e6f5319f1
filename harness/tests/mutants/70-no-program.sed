# broken: there is no such helper
s/program\[\] = "true"/program[] = "no-such-program"/
