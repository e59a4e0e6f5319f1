# broken: the worker says it, too
s/^    event_announce(&up);/    notify_ready();\n&/
