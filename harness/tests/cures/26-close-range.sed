s/^        if (dup2(input\[0\], STDIN_FILENO) != -1)/        if (dup2(input[0], STDIN_FILENO) != -1 \&\& close_range(3, ~0U, CLOSE_RANGE_CLOEXEC) == 0)/
s/^#include <signal.h>/&\n#include <linux\/close_range.h>/
