s/^    say("client: waits.*/    close(line[0]);\n    return 0;/
