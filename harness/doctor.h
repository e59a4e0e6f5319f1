/* SPDX-License-Identifier: MIT
 *
 * doctor: what this machine can and cannot do, with the consequence and the
 * cure for what is missing.
 */
#ifndef FORKLAB_DOCTOR_H
#define FORKLAB_DOCTOR_H

#include <stdbool.h>

#include "oracle/labs.h"

/* Prints one line for each thing that was tried. Nothing is guessed: what is
 * said to work has just been done. The list, which may be empty, tells which
 * labs need what. True if labs can run here. */
bool doctor(const struct lab_list *labs);

#endif
