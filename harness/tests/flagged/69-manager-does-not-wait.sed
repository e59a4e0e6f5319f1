s/^    while (receive() != service)/    for (int i = 0; i < 0 \&\& receive() != service; i++)/
