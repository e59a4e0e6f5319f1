# broken: the worker says nothing
/^    show("child: /d
