# broken: the child reports nothing
/^        show("report/d
