s/ask_worker(), other = ask_worker();/draw(), other = draw();/
s/^static struct tokens ask_worker/LAB_UNUSED &/
