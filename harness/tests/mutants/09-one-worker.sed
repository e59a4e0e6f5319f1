# broken: one worker is asked, and compared with itself
s/other = ask_worker()/other = one/
