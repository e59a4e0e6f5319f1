s/^        if (memcmp(guess, "pin ", 4) == 0)/        if (0)/
