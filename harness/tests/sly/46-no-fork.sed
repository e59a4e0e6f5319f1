s/^    say("parent: crashes.*/    show("report: order %d is bad", order);\n    _exit(1);/
