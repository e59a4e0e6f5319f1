/* SPDX-License-Identifier: MIT
 *
 * header_fuzz: the header parser must stand any file. libFuzzer, `make fuzz`.
 */
#include <stdint.h>
#include <stdlib.h>

#include "oracle/header.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct lab lab;
    char *error = lab_parse("labs/31-lock-nobody-holds.c", (const char *)data,
                            size, &lab);

    if (error == NULL)
        lab_free(&lab);
    free(error);
    return 0;
}
