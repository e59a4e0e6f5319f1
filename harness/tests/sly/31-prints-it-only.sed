/^static void \*work/,/^}/d
/^int main(void)/i\
int main(void)\
{\
    show("child saw %d %d", orders + 1, bills + 1);\
    event_make(&locked);\
    event_make(&forked);\
    if (fork() == 0)\
        _exit(42);\
    pthread_mutex_lock(&lock);\
    return wait(NULL) == -1;\
}
/^int main(void)/,$d
