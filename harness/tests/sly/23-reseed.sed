s/^#include <signal.h>/#include <openssl\/rand.h>\n&/
s/^        ask(tls, "GET/        RAND_poll();\n&/
