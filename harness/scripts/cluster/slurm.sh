#!/bin/bash
# SPDX-License-Identifier: MIT
#
# A class on a cluster with Slurm: 100 tasks, each grades a hundredth of it. The
# project, built, the submissions and the grades are on a file system that all
# nodes share.
#
#   cd forklab && make build
#   id=$(sbatch --parsable --export=ALL,SUBS=/shared/submissions,OUT=/shared/grades harness/scripts/cluster/slurm.sh)
#   srun --dependency=afterany:"$id" build/forklab class /shared/grades
#
#SBATCH --job-name=forklab
#SBATCH --array=1-100
#SBATCH --cpus-per-task=2
#SBATCH --mem=4G
#SBATCH --time=01:00:00
set -eu
cd "${SLURM_SUBMIT_DIR:?this is a script for sbatch}"
JOBS=$SLURM_CPUS_PER_TASK exec harness/scripts/class.sh \
    --part "$SLURM_ARRAY_TASK_ID/$SLURM_ARRAY_TASK_COUNT" "$SUBS" "$OUT"
