s/^    while (receive() != service)/    while (receive() == 0)/
