s/^    notify_ready();//
s/^    call_me("service");/&\n    notify_ready();/
