# SPDX-License-Identifier: MIT
#
# interval: the 95 % interval of Clopper and Pearson (1934) for a rate, of which
# k of n were seen: the lowest one with which k or more, and the highest one with
# which k or fewer, come with a probability of 2.5 %. By bisection on the sums
# themselves, which are exact but for rounding.
#
#   awk -v k=3 -v n=1000 -f interval.awk       "0.000619 0.008742"

# The probability of `from` to `to` of n, each with probability p.
function binomial(from, to, p,    i, sum) {
    for (i = from; i <= to; i++)
        sum += exp(factorial[n] - factorial[i] - factorial[n - i] + \
            i * log(p) + (n - i) * log(1 - p))
    return sum
}

# The p with which from to to have a probability of 2.5 %, which grows with p if
# rises.
function bound(from, to, rises,    low, high, p, step) {
    low = 0; high = 1
    for (step = 0; step < 50; step++) {
        p = (low + high) / 2
        if ((binomial(from, to, p) < 0.025) == rises) low = p
        else high = p
    }
    return (low + high) / 2
}

BEGIN {
    # Logarithms.
    for (i = 1; i <= n; i++) factorial[i] = factorial[i - 1] + log(i)
    printf "%.6f %.6f\n", k == 0 ? 0 : bound(k, n, 1), k == n ? 1 : bound(0, k, 0)
}
