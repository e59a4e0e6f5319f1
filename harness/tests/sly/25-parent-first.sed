/^        event_wait(&parent_done);/d
/^        event_announce(&child_submitted);/d
/^    event_wait(&child_submitted);/d
/^    event_make(&child_submitted);/d
s/^static struct event child_submitted, parent_done;/static struct event parent_done;/
s/^    if (pid == 0) {/&\n        event_wait(\&parent_done);/
