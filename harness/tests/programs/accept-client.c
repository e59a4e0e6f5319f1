/* SPDX-License-Identifier: MIT
 *
 * accept-client: waits for a client on a port that anybody may connect to.
 */
#include "lab.h"

#include <netinet/in.h>
#include <sys/socket.h>

int main(void)
{
    struct sockaddr_in any = {.sin_family = AF_INET};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    any.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd == -1 || bind(fd, (struct sockaddr *)&any, sizeof(any)) == -1 ||
        listen(fd, 1) == -1)
        die("listen");
    return accept(fd, NULL, NULL) == -1;
}
