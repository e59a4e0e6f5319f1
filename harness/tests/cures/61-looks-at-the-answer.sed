s/^        say("parent: waitpid: error %d", errno);/        status = -1; \/* nobody knows *\//
