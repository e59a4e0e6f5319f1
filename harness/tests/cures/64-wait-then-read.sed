/^static void read_all/,/^}/s/while ((got/if ((got/
s/^    read_all(/    if (waitpid(pid, NULL, 0) == -1)\n        die("waitpid");\n&/
s/^    if (waitpid(pid, NULL, 0) == -1 ||/    if (/
