# broken: the child's line is missing
/^        printf("child/d
