/^static void job/,/^}/{
    /^    int lock = open/d
    /^    if (lock == -1/d
    /^        write(lock, /d
    /^        die("flock, write");/d
    /^    say("owner/d
    s/^    event_wait(&crash);/    int lock = open(path, O_RDWR | O_CLOEXEC);\n    if (lock == -1 || flock(lock, LOCK_EX) == -1 || write(lock, run_word("4711"), 4) != 4)\n        die("flock");\n    event_announce(\&helping);\n&/
}
/^static void help/,/^}/s/event_announce(&helping);//
