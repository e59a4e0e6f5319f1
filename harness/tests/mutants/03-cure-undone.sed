# hazard: the token comes from the copied generator
s/^    if (getrandom(&token, sizeof(token), 0) != sizeof(token))/    token = random();\n    if (token < 0)/
