/^    if (pthread_atfork/d
/^        die("pthread_atfork");/d
s/^static void \(take\|give\)/LAB_UNUSED &/
