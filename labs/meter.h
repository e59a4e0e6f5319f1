/* SPDX-License-Identifier: MIT
 *
 * meter.h: what the library of lab 49 offers. It counts what a program has done
 * and reports that to somebody. Not a word about threads: its author saw no
 * reason for one.
 */
#ifndef FORKLAB_METER_H
#define FORKLAB_METER_H

/* Counts a job of this process and shows, on stdout, how many there were. */
void meter_count(const char *whose);

/* Scaffolding: returns at an unlucky moment, while a report is on its way.
 * Elsewhere luck decides. */
void meter_wait_until_busy(void);

#endif
