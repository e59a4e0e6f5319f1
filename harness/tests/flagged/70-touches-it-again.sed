s/^    map_file(memory, mib, run_number(0));/    const int some = run_number(0);\n    map_file(memory, mib, some);/
s/^    time_of(start_helper);/&\n    touch(memory, mib);\n    map_file(memory, mib, some);/
