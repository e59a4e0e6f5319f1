# broken: the child does not use the library
/meter_count("child")/d
