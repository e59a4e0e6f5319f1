s/enter(&address, heard);/(strcpy(heard, HELLO), dup(0));/
