s/^    int fd = book(run_word("345")), status;/    const char *middle = run_word("345");\n    int fd = book(middle), status;\n    (void)pread;/
/^    say("parent: reads on");/,/die("read")/c\
    say("parent: reads on");\
    memcpy(text, middle, 3);
