s/O_RDONLY)/O_RDONLY | O_CLOEXEC)/
s/pipe(input)/pipe2(input, O_CLOEXEC)/
s/^    long limit = sysconf(_SC_OPEN_MAX);/    long limit = first; \/* the kernel closes them *\//
