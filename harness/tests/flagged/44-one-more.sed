s/^            uint64_t token = next_token();/            uint64_t token = next_token() + (getpid() > 0);/
