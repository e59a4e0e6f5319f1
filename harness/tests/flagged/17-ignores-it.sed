s/^    ssize_t got = read(event/    static int seen;\n    if (event.data.fd == gone[0] \&\& seen++ > 0)\n        return gone[0];\n&/
