s/^    say("%s: pthread_join() says/    result = number * number;\n&/
