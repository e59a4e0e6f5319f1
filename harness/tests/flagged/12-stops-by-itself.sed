s/^static void count_it(int fd)/static void count_it(int fd, int lines)/
s/^        count_it(fd\[0\]);/        count_it(fd[0], lines);\n        close(fd[0]);/
s/^    while ((got = read(fd, text, sizeof(text))) > 0)/    while ((got = bytes < 5 * lines ? read(fd, text, sizeof(text)) : 0) > 0)/
