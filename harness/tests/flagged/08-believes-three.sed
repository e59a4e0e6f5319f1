s/if (++jobs == 3 \* JOBS) {.*/if (++jobs == JOBS)\n            break;\n        if (jobs == 3 * JOBS) {/
