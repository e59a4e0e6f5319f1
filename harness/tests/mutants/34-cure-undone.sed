# hazard: the child looks it up by itself
s/const char \*answer = look_up("localhost");/const char *answer;/
s/^        show("child: localhost/        answer = look_up("localhost");\n&/
