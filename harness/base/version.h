/* SPDX-License-Identifier: MIT
 *
 * version: the one place that says which forklab this is.
 */
#ifndef FORKLAB_VERSION_H
#define FORKLAB_VERSION_H

#define FORKLAB_VERSION "0.1"

#endif
