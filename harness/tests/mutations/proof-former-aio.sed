# an operation of aio may write to an eventfd that has no number any more
# in: harness/proof/former.c
# by: proof.bats: unheard: aio-replaced
s/        taking->x->known->aio > 0) {/        taking->x->known->aio == 12345) {/
