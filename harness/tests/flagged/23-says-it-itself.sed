s/^    ask(tls, pin);/    show("server: %s", pin);/
