s/^        write_log("child", sold + 1);/        show("log: shop: child sold %d", sold + 1);/
