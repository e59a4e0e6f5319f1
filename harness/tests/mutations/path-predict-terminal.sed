# nobody is asked for a prediction without a terminal
# in: harness/course/predict.c
# by: path.bats: PREDICT=1 asks before it shows, and never without a terminal
s/ || !somebody_is_there())/)/
