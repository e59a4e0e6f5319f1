/* SPDX-License-Identifier: MIT
 *
 * tongue: the language in which forklab speaks to people, by gettext(3).
 *
 * FORKLAB_LANG=ja chooses it; the catalogue is made from labs/po/ja.po. What it
 * does not have is said in English, and so is all that programs read: JSON, the
 * evidence of a run, the names of findings.
 */
#ifndef FORKLAB_TONGUE_H
#define FORKLAB_TONGUE_H

#include <stdbool.h>

/* Reads FORKLAB_LANG. Call it once, before there are threads. Without a
 * catalogue of that language nothing changes. The locale is UTF-8 from then on,
 * as the catalogue is. */
void tongue_begin(void);

/* gettext(3) sees the language in the environment: takes it out again, for
 * a program that is about to be executed. */
void tongue_leave_environment(void);

/* Is it another language than English? Static: "ja"; NULL: English. */
const char *tongue_name(void);

/* While it is hushed, tr() gives English. */
void tongue_hush(bool hush);

/* The text in that language, or the text itself. Static. xgettext(1) finds what
 * stands in its parentheses; N_() marks a text that is handed to it later. */
const char *tr(const char *english) __attribute__((format_arg(1)));
#define N_(english) english

#endif
