# broken: the server has wiped the key before it signs
s/^    pid_t pid = fork();/    explicit_bzero(key, SIZE);\n&/
