# broken: the child's line is missing
/^        write_log("child/d
