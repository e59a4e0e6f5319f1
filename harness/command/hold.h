/* SPDX-License-Identifier: MIT
 *
 * command/hold: HOLD=1 keeps what hangs alive for ten minutes, and says which
 * commands look into it from another terminal.
 */
#ifndef FORKLAB_COMMAND_HOLD_H
#define FORKLAB_COMMAND_HOLD_H

#include "run/hold.h"

/* What HOLD asks for: 1 is ten minutes, another number so many seconds. NULL:
 * HOLD is not set. Static. Ends forklab on anything else. */
const struct hold *hold_asked(void);

#endif
