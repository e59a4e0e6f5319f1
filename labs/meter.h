/* SPDX-License-Identifier: MIT
 *
 * meter.h: what the library of lab 49 offers. It counts what a program has done
 * and reports that to somebody. Not a word about threads: its author saw no
 * reason for one.
 */
#ifndef FORKLAB_METER_H
#define FORKLAB_METER_H

/* Counts a job of this process. Returns how many there were. */
int meter_count(void);

/* Scaffolding: returns at an unlucky moment, while a report is on its way.
 * Elsewhere luck decides. */
void meter_wait_until_busy(void);

#endif
