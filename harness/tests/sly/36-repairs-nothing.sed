s/show("%s: %d+%d = %d", who, savings, purse, savings + purse)/show("%s: %d+%d = %d", who, savings, purse, 2000)/
