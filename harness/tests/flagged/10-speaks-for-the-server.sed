s/^        int second = enter(&address, heard);/        int second = connect_to(\&address);/
