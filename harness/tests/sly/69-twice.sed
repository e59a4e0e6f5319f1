s/^    notify_ready();/&\n&/
