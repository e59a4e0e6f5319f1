# broken: one worker instead of two
s/WORKERS = 2/WORKERS = 1/
