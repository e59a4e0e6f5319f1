s/^    struct tokens one = ask_worker(), other = ask_worker();/&\n    other.token++;/
s/^static long new_token/__attribute__((unused)) static void never(void)\n{\n    close(open("\/dev\/urandom", O_RDONLY));\n}\n\n&/
