# broken: the parent has no second thread
s/num_threads(2)/num_threads(1)/
