s/^    object->count++;/    (void)object; \/* lent, not counted *\//
s/^    object->count--;/    (void)object;/
