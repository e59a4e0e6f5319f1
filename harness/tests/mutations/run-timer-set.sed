# a timer that was set may yet fire
# in: harness/run/*.c
# by: proof.bats: unheard: timer-set-again
s/        if (may_ring(&heard->clocks\[i\], shot))/        if (may_ring(\&heard->clocks[i], shot) \&\& heard->clocks[i].timer < 0)/
