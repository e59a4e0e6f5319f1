s/^static const char path.*/&\nstatic bool again;/
s/^    if (unlink(path) == 0)/    if (unlink(path) == 0 \&\& again)/
s/^    look_into_file();/    again = true;\n    make_file(run_word("4711"));\n&/
