s/^    say("client: waits.*/    shutdown(line[0], SHUT_WR);\n&/
