s/leaked("PRIVATE KEY "))/0)/
