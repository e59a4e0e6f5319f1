s/"READY=1", 7) != 7/"MAINPID", 7) != 7/
