0,/^    reserve_heap(all/s/^    reserve_heap(all/    (void)(all/
