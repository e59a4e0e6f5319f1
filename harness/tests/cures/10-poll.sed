s/^#include <signal.h>/#include <poll.h>\n&/
/^static void serve/,/^}/c\
static void serve(int listener)\
{\
    struct pollfd who[8] = {{.fd = listener, .events = POLLIN}};\
    int count = 1;\
    char line[80];\
    for (;;) {\
        if (poll(who, (nfds_t)count, -1) == -1)\
            die("poll");\
        for (int i = 1; i < count; i++) {\
            if (!who[i].revents)\
                continue;\
            ssize_t got = read(who[i].fd, line, sizeof(line));\
            if (got > 0 && write(who[i].fd, line, (size_t)got) == got)\
                continue;\
            close(who[i].fd);\
            who[i--] = who[--count];\
        }\
        if (who[0].revents && count < 8)\
            who[count++] = (struct pollfd){.fd = accept(listener, NULL, NULL), .events = POLLIN};\
    }\
}\
/* echo() is not needed */ __attribute__((unused)) static void (*unused_echo)(int) = echo;
