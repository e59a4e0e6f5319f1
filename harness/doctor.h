/* SPDX-License-Identifier: MIT
 *
 * doctor: what this machine can and cannot do, with the consequence and the
 * cure for what is missing.
 */
#ifndef FORKLAB_DOCTOR_H
#define FORKLAB_DOCTOR_H

#include <stdbool.h>

/* Prints one line for each thing that was tried. Nothing is guessed: what is
 * said to work has just been done. True if labs can run here. */
bool doctor(void);

#endif
