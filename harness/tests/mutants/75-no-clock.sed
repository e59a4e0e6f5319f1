# broken: there is no clock
/^    set_clock(TICK_US);/d
