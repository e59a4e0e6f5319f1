s/^#include <signal.h>/#include <poll.h>\n&/
s/^    while ((got = read.*/    struct pollfd in = {.fd = client, .events = POLLIN};\n    while ((got = poll(\&in, 1, 10) == 1 ? read(client, text, sizeof(text)) : -1) > 0)/
s/^    if (got != -1.*/    if (got != -1)/
