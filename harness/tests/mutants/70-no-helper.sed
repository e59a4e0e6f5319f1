# broken: the server starts no helper of its own
/^    time_of(start_helper);/d
