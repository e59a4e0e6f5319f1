/* SPDX-License-Identifier: MIT
 *
 * sha256: the SHA-256 of a text (FIPS 180-4), as sha256sum(1) writes it.
 */
#ifndef FORKLAB_SHA256_H
#define FORKLAB_SHA256_H

#include <stddef.h>

#define SHA256_HEX 65 /* 64 digits and the NUL */

void sha256_hex(const void *data, size_t size, char hex[SHA256_HEX]);

#endif
