# broken: the parent keeps it itself
/^    close(listener);/d
