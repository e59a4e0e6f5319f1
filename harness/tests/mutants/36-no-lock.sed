# hazard: the transfer is not protected
/^static void \*work/,/^}/{
    s/take();//
    s/give();//
}
