/^    ring_make(&ring);/d
s/^    if (pid == -1)/    ring_make(\&ring);\n&/
