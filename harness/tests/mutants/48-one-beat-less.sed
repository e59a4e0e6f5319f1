# broken: the daemon waits for a third
s/i < BEATS; i++) {/i < BEATS - 1; i++) {/
