s/^        event_wait(&committed);//
s/^        show("child committed.*/&\n        event_announce(\&committed);/
s/^    event_announce(&committed);//
s/^    store(db, insert_order);/    event_wait(\&committed);\n&/
