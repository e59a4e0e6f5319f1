$!N
s/^    show("parent read %s", text);\n    return 0;/    show("parent read 345");\n    return 0;/
P
D
