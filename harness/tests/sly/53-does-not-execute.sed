s/^        execl(.*/        call_me("sh");\n        show("verbose: %s", command[0] ? strchr(verbose, '=') + 1 : "");\n        _exit(42);/
/^        setenv("VERBOSE"/d
