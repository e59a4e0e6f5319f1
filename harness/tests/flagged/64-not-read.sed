s/^    read_all(output.*/    lab_append(said, sizeof(said), \&(size_t){0}, "service ");\n    lab_append_number(said, sizeof(said), \&(size_t){8}, number, 10);\n    strcat(said, " is up");/
s/^static void read_all/LAB_UNUSED &/
