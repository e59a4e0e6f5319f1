# hazard: the server is PID 1 itself again
/^    start_as_child();/s/.*/    call_me("server");/
