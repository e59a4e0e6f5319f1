# hazard: one connection for both
/^        tls = connect_tls();/d
