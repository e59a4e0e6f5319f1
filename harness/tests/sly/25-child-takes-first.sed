/^        event_announce(&child_submitted);/d
/^        event_wait(&parent_done);/d
s/^        hear("child.*/&\n        event_announce(\&child_submitted);/
