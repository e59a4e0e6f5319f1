# broken: the worker lets one in, and says nothing
s/^    echo(connection);/    pause();/
