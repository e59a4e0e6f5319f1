/* SPDX-License-Identifier: MIT
 *
 * flags: the options of the C compiler, in one place. compile.c uses these
 * lists for attempts, and the Makefile reads them with awk for all else, so
 * nothing but strings may stand in them.
 */
#ifndef FORKLAB_FLAGS_H
#define FORKLAB_FLAGS_H

#define FLAGS_LANGUAGE "-std=gnu17", "-pthread"

/* make's default for CFLAGS */
#define FLAGS_CODE "-O1", "-g"

#define FLAGS_WARNINGS                                                         \
    "-Wall", "-Wextra", "-Wshadow", "-Wformat=2", "-Wvla",                     \
        "-Wstrict-prototypes", "-Wmissing-prototypes", "-Wundef"

#endif
