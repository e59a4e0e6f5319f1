s/"\/usr\/sbin\/sendmial" .*/"\/bin\/true"/
