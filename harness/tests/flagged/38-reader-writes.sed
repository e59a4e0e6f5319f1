s/^        raise_price();/        price++;/
s/^    say("parent: forks");/    pthread_atfork(NULL, NULL, NULL);\n&/
s/^int main/LAB_UNUSED static void unused(void)\n{\n    raise_price();\n}\n\n&/
