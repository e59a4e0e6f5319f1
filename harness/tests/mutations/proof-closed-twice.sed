# a number closed again does not undo what was closed first
# in: harness/proof/*.c
# by: proof.bats: unheard: poll-closed-twice
s/    bool regular = change->regular && (place->pid == 0 || place->regular);/    bool regular = change->regular;/
