# broken: nobody helps
/^    event_announce(&helping);/s/$/\n    _exit(0);/
