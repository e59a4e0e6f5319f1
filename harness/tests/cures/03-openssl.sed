s/^    return random();/    long token;\n    if (RAND_bytes((unsigned char *)\&token, sizeof(token)) != 1)\n        die("RAND_bytes");\n    return token;/
