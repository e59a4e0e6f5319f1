# broken: the child logs what the worker has logged
s/write_log("child", sold + 1)/write_log("child", sold)/
