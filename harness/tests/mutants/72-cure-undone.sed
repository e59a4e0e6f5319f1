# hazard: everybody counts
s/^    if (object->count != IMMORTAL)$/    if (object->count != 0)/
