# hazard: all sets are told
s/ | EPOLLEXCLUSIVE//
