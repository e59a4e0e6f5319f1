# broken: nothing is in the buffer
/printf("%s\\n", run_word/d
