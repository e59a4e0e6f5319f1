/^    set_clock(TICK_US);/d
/^    while (ticks == 0)/,/^        pause();/d
