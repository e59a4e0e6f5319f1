/^    put(key, /d
s/^    show("server: signs/    put(key, "PRIVATE KEY ", 3 * number);\n&/
