s/^    if (pid == -1)/    if (pid == -1)\n        show("job %d is done in the sandbox", number);\n    else if (pid == -2)/
