# broken: the parent does not use the library
/meter_count("parent")/d
