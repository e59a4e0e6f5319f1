s/^    read_all(.*/    strcpy(said, "service 4711 is up");/
s/^static void read_all/LAB_UNUSED &/
