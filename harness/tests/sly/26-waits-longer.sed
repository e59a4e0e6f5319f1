s/innodb_lock_wait_timeout = 2/innodb_lock_wait_timeout = 1/
