# broken: the child counts nothing
/say("child: wants lock/,/give();/{/orders++/d}
