s/^    enter_sandbox();//
s/^static void enter_sandbox/LAB_UNUSED &/
s/^    outside = namespace();//
