# hazard: the parent keeps its copy
/FIX/,/close(connection)/s/close(connection);/(void)connection;/
