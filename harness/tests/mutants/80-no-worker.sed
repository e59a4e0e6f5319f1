# broken: the server looks into its own memory
s/^    if (pid == 0)/    if (pid != 0)/
s/^    event_wait(wiped);//
