# SPDX-License-Identifier: MIT
# A BLAS call in parent and child: OpenBLAS with OpenMP has no threads there.
import ctypes, os, sys

blas = ctypes.CDLL(sys.argv[1])
n = 600
matrix = (ctypes.c_double * (n * n))()


def multiply():
    one, zero = ctypes.c_double(1), ctypes.c_double(0)
    blas.cblas_dgemm(101, 111, 111, n, n, n, one, matrix, n, matrix, n, zero,
                     matrix, n)


multiply()
child = os.fork()
if child == 0:
    multiply()
print(f"PIDS {os.getpid()} {child}", flush=True)
os.waitpid(child, 0)
