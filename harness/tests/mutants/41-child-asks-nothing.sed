# broken: the child has no result
/^        show_result("child");/d
