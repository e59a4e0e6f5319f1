s/^         secret.st_mode & S_IROTH ?.*/         secret.st_mode \& S_IROTH ? "private" : found);/
