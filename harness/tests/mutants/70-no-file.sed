# broken: no page is of a file
s/^    map_file(memory.*/    (void)map_file;/
