# hazard: whoever closes any descriptor of the file loses its locks
s/^    show("%s: runs", name);/    close(open(path, O_RDONLY));\n&/
