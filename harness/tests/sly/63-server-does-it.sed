s/show("server: the last job is lost")/show("server: the last job gave %d", job * job)/
