s/^         percent(minor_faults() - before, mib/         0 * percent(minor_faults() - before, mib/
