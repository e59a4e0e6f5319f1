/* SPDX-License-Identifier: MIT
 *
 * command/make: what the Makefile asks.
 */
#ifndef FORKLAB_COMMAND_MAKE_H
#define FORKLAB_COMMAND_MAKE_H

#include "call.h"

int command_meant(const struct call *call);
int command_needs(const struct call *call);

#endif
