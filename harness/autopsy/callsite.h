/* SPDX-License-Identifier: MIT
 *
 * callsite: the call instruction before a return address.
 */
#ifndef FORKLAB_CALLSITE_H
#define FORKLAB_CALLSITE_H

#include <stdbool.h>

#include "autopsy/symbols.h"

bool behind_call(const struct image *image, unsigned long address,
                 unsigned long *target);

bool calls(const struct image *image, unsigned long return_address,
           unsigned long where);

#endif
