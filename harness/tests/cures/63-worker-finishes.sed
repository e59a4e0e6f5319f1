s/^    if (stop) {/    if (stop \&\& job == 0) {/
