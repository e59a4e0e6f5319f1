s/leaked("PRIVATE KEY ")/leaked("PRIVATE KEYS ")/
