# a thread that was woken in vain is still in the call that it has made before
# in: harness/proof/history.c
# by: changes_test
# by: proof.bats: rewired: woken-in-vain
s/was != NULL && thread->call_key == was->call_key$/was != NULL \&\& thread->call_key == was->call_key \&\& thread->voluntary == was->voluntary/
