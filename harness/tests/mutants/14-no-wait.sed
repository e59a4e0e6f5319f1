# broken: the parent does not read at all
s/if (read(STDIN_FILENO, text, 5) == 5)/if (text[0] == 0)/
