# broken: the number is not there yet
/^    start_worker();/d
s/^    event_make(&asked);/&\n    start_worker();/
