# what could not be looked at in time is unknown
# in: harness/proof/descriptors.c
# by: many_test
s/x->late = x->shot->unreadable = x->shot->too_long = true;/x->late = x->shot->too_long = true;/
