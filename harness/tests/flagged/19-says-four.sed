s/^    show("woken/    woken = WORKERS;\n&/
