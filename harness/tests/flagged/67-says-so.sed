s/CPU_COUNT(&any) == 1 ? "one CPU" : "several CPUs"/"several CPUs"/
