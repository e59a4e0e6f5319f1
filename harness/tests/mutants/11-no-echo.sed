# broken: a worker that leaves at once
s/^            echo(connection);//
