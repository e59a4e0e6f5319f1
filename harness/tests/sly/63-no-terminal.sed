s/setsid() == -1 || open(terminal, O_RDWR | O_CLOEXEC) == -1 ||/terminal == NULL ||/
