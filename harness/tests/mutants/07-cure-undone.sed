# hazard: -1 is taken for a pid
s/^    if (worker == -1) {/    if (worker == 0) {/
