s/percent(reserved/percent(2 * reserved/
0,/^    reserve_heap(all/s/^    reserve_heap(all/    (void)(all/
