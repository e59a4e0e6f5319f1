s/^        write_log("child", sold + 1);//
