s/^        audit("child");/        show("child: 900+1100 = 2000");/
