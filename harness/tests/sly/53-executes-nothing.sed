s/^        execl(.*/        execl("\/nowhere", "sh", command, NULL);\n        call_me("sh");\n        show("verbose: %s", strchr(verbose, '=') + 1);\n        _exit(42);/
/^        setenv("VERBOSE"/d
