s/^            work(listener);/            i > 0 ? (call_me("worker"), event_announce(\&ready), pause(), _exit(42)) : work(listener);/
