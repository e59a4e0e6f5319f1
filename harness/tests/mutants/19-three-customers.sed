# broken: the last customer does not come
s/^        woken += come(&customer\[i\]);/        woken += i < 3 ? come(\&customer[i]) : 1;/
