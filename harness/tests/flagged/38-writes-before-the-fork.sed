s/^    say("parent: forks");/    raise_price();\n&/
s/^        raise_price();//
