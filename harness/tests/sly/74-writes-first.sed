s/^    pid_t helper = start_helper(&leave);/&\n    touch((char *)cache, mib);/
