s/^        show("child: %d handlers", use_library());/        show("child: %d handlers", use_library() - n);/
