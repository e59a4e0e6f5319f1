# broken: the worker adds
s/number \*= number/number += number/
