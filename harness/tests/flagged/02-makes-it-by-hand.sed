s/^        say("worker: has done its work, and leaves");/&\n        if (chdir("\/") == -1)\n            die("chdir");\n        if (0)\n            _exit(42);/
