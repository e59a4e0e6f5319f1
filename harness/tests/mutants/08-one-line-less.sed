# broken: one line of the input is lost
s/one\\ntwo\\nsix\\n/one\\ntwo\\n/
