# hazard: each worker takes the same seed again
s/^    if (getrandom(&token, sizeof(token), 0) != sizeof(token))/    srandom(1);\n    token = random();\n    if (token < 0)/
