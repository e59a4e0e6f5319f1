s/^        uint64_t token = next_token();/        seed();\n&/
