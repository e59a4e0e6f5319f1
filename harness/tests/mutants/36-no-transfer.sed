# broken: the books balance because nothing happens
/savings -= 100/d
/purse += 100/d
