# broken: one worker only
s/other = ask_worker();/other = draw();/
