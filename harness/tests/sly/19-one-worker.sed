s/^#define WORKERS 4/#define WORKERS 1/
