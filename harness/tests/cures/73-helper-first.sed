/^    start_helper(number);/d
0,/^    reserve_heap(all/s/^    reserve_heap(all/    start_helper(number);\n&/
