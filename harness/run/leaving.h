/* SPDX-License-Identifier: MIT
 *
 * leaving: what is seen of a process of a lab while it waits in exit_group(2),
 * with all that it had: whether it executed another program, what it inherited
 * from there, and who is its parent by now.
 *
 * A process may call itself anything, PR_SET_NAME(2const), and print anything.
 * None of this can be typed. It decides nothing, and disturbs nobody.
 */
#ifndef FORKLAB_LEAVING_H
#define FORKLAB_LEAVING_H

#include "run/family.h"

/* Notes member->executed, and as findings of it: "descriptor leaked" for each
 * descriptor above stderr that exec did not close, "socket LISTEN" for those
 * that listen, "adopted" for an orphan that another process of the family has
 * as its child now, or is about to get, PR_SET_CHILD_SUBREAPER(2const): alive,
 * or as a zombie. Its own children are met before they become orphans. */
void leaving_look(struct family *family, struct member *member);

#endif
