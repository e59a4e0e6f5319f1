# a context of aio may have no mapping
# in: harness/proof/background.c
# by: proof.bats: unheard: aio-unmapped
s/             (x->known->aio > 0 || has_aio/             (has_aio/
