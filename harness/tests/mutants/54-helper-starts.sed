# broken: nothing goes wrong
s/"\/usr\/sbin\/sendmial"/"\/bin\/true"/
