# broken: a child that does not do its work cannot hang
/child: wants lock/,/pthread_mutex_unlock/d
