# hazard: the worker says it, as before
s/^    notify_ready();/    if (0)\n    &/
s/^    event_announce(&up);/    notify_ready();\n&/
