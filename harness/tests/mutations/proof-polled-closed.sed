# what is polled may have been closed: then the table of descriptors tells nothing
# in: harness/proof/*.c
# by: proof.bats: unheard: poll-closed
s/        touched = !never_ready(&changes->item\[i\]) &&/        touched = false \&\&/
