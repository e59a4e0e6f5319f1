# broken: the parent has nothing to say
/^    ask(tls, pin);/d
