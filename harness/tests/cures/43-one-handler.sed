s/^int main/static void take_all(void)\n{\n    take_bank();\n    take_log();\n}\n\nstatic void give_all(void)\n{\n    give_log();\n    give_bank();\n}\n\n&/
s/pthread_atfork(take_bank, give_bank, give_bank)/pthread_atfork(take_all, give_all, give_all)/
/^    if (pthread_atfork(take_log/,/die/d
