s/^    stop = 1;/    if (getpgrp() == getpid())\n        stop = 1;/
