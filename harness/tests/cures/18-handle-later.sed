/^int main/,/^}/{
    /^    handle(SIGTERM);/d
    /^    handle(SIGCHLD);/d
    s/^    event_wait(&ready);/    handle(SIGTERM);\n    handle(SIGCHLD);\n&/
}
