s/^    while ((got = read(client.*/    while (lines < run_number(42) \&\& (got = read(client, text, sizeof(text))) > 0)/
s/^    if (got != -1 .*/    if (0)/
