# hazard: the child asks by itself
/FIX/,/say("parent: forks/{/ctime_r/d}
s/^        date\[24\]/        ctime_r(\&moment, date);\n&/
