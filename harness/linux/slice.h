/* SPDX-License-Identifier: MIT
 *
 * slice: soon on a busy processor, and not for long.
 *
 * Since Linux 6.12 a process may ask for a short slice of the processor: when
 * it wakes up it then comes before others, and has no more of the processor
 * than before. sched_setattr(2), sched_runtime of SCHED_OTHER.
 */
#ifndef FORKLAB_SLICE_H
#define FORKLAB_SLICE_H

/* Asks for the shortest slice, for the calling thread and what it forks. Older
 * kernels take no notice. */
void slice_shorten(void);

/* Back to the usual one. */
void slice_restore(void);

#endif
