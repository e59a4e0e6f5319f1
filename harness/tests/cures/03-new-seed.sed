s/^        call_me("worker");/&\n        unsigned seed;\n        if (getrandom(\&seed, sizeof(seed), 0) != sizeof(seed))\n            die("getrandom");\n        srandom(seed);/
