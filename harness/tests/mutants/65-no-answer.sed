# broken: the client is not told
s/^    if (write(client.*/    if (0)/
