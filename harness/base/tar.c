/* SPDX-License-Identifier: MIT
 *
 * tar: see tar.h.
 */
#include "base/tar.h"

#include <errno.h>
#include <string.h>

#define BLOCK ((size_t)512)

/* A header of POSIX.1-2001, pax(1), "ustar Interchange Format". Numbers are
 * octal digits. */
struct header {
    char name[100], mode[8], uid[8], gid[8], size[12], mtime[12], chksum[8];
    char typeflag, linkname[100], magic[6], version[2], uname[32], gname[32];
    char devmajor[8], devminor[8], prefix[155], pad[12];
};

static void put_checksum(struct header *header)
{
    const unsigned char *byte = (const unsigned char *)header;
    unsigned sum = 0;

    memset(header->chksum, ' ', sizeof(header->chksum));
    for (size_t i = 0; i < sizeof(*header); i++)
        sum += byte[i];
    snprintf(header->chksum, sizeof(header->chksum), "%06o", sum & 0777777);
}

bool tar_add(FILE *archive, const char *name, const void *data, size_t size,
             time_t modified)
{
    static const char zeros[BLOCK];
    struct header header = {.mode = "0000644",
                            .uid = "0000000",
                            .gid = "0000000",
                            .typeflag = '0',
                            .magic = "ustar",
                            .version = {'0', '0'}};
    size_t length = strlen(name), rest = (BLOCK - size % BLOCK) % BLOCK;

    _Static_assert(sizeof(header) == BLOCK, "a header is a block");
    if (length > sizeof(header.name)) {
        errno = ENAMETOOLONG;
        return false;
    }
    memcpy(header.name, name, length);
    snprintf(header.size, sizeof(header.size), "%011lo", (unsigned long)size);
    snprintf(header.mtime, sizeof(header.mtime), "%011lo",
             (unsigned long)modified & 077777777777UL);
    put_checksum(&header);
    return fwrite(&header, sizeof(header), 1, archive) == 1 &&
           fwrite(data, 1, size, archive) == size &&
           fwrite(zeros, 1, rest, archive) == rest;
}

bool tar_end(FILE *archive)
{
    static const char zeros[2 * BLOCK];

    return fwrite(zeros, sizeof(zeros), 1, archive) == 1;
}
