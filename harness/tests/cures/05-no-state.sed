s/^    if (generator->owner != getpid()) {.*/    {/
