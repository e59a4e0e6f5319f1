s/counted(times) ? times : 0/counted(times) ? 0 : times/
