0,/^    handlers += n;/s//    handlers = 0;\n    handlers += n;/
