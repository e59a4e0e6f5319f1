s/^        execl(.*/        call_me("sh");\n        show("verbose: %s", strchr(verbose, '=') + 1);\n        _exit(42);/
/^        setenv("VERBOSE"/d
