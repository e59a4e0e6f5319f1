s/^        show_result("child");//
