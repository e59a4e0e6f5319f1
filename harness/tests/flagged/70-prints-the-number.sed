s/^         percent(minor_faults() - before, mib.*/         (int)(before - before) + run_number(0));/
