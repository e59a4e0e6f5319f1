/* SPDX-License-Identifier: MIT
 *
 * 42: the parent has added up with OpenMP's threads, which are idle now. The
 * child adds up as well.
 *
 * Needs:   openmp
 */
#include "trials.h"

#include <omp.h>

static long sum_up(void)
{
    long sum = 0;

#pragma omp parallel for num_threads(2) reduction(+ : sum)
    for (long i = 1; i <= 100000; i++)
        sum += i;
    return sum;
}

static int child(void)
{
    return sum_up() == 5000050000 ? RIGHT : BITTEN;
}

int main(int argc, char **argv)
{
    omp_set_dynamic(0);
    if (sum_up() != 5000050000)
        die("the parent's sum");
    return trials(argc, argv, child);
}
