# broken: the child wants none
/^        void \*volatile memory = malloc(2000)/,/show("child got/d
