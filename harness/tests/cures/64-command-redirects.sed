s/^    if (pid == 0)$/    if (pid == 0) {\n        int null = open("\/dev\/null", O_RDWR);\n        if (dup2(null, STDOUT_FILENO) == -1)\n            die("dup2");\n        close(null);/
s/^        serve(customer);/&\n    }/
