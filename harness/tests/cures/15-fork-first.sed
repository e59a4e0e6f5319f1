/^static void job/,/^}/{
    /^    int lock = open/d
    /^    if (lock == -1/d
    /^        die("flock");/d
    /^    say("owner/d
    s/^    event_wait(&crash);/    int lock = open(path, O_RDWR | O_CLOEXEC);\n    if (lock == -1 || flock(lock, LOCK_EX) == -1)\n        die("flock");\n    event_announce(\&helping);\n&/
}
/^static void help/,/^}/s/event_announce(&helping);//
