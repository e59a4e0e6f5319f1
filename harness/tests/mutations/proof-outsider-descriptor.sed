# what a process outside has open, too, is open to the world
# in: harness/proof/outsiders.c
# by: autopsy.bats: autopsy, healthy: the parent has the same descriptor
s/^            object->open_to_world = true;/            continue;/
