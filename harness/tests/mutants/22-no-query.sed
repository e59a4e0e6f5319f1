# broken: the child asks for nothing
/db_ask(database(), "\/\* child/,/db_show("child got/d
