s/^    library_init();//
s/^static void library_init/LAB_UNUSED &/
