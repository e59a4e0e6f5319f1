# hazard: a lock that not everybody takes
s/^    write_log("worker", .*/    syslog(LOG_INFO, "%s sold %d", "worker", *(int *)sold);/
