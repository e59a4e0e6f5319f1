# A new state of the books is published by one store: no half of one is ever seen.
s/^static int savings, purse;.*/static struct {\n    int savings, purse;\n} books[2];\nstatic atomic_int now;/
s/^    savings = purse = run_number(1000);/    books[0].savings = books[0].purse = run_number(1000);/
s/^    savings -= 100;/    books[1].savings = books[0].savings - 100;/
s/^    purse += 100;/    books[1].purse = books[0].purse + 100;\n    atomic_store(\&now, 1);/
s/savings, purse, savings + purse/books[now].savings, books[now].purse,\n         books[now].savings + books[now].purse/
