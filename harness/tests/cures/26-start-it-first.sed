/^    start_cat(input);/d
s/^    MYSQL \*db = db_connect();/&/
/^static void own/,/^}/s/^    MYSQL \*db = db_connect();/    start_cat(input);\n&/
