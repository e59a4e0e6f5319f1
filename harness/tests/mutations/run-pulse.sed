# a thread that ran at the look and sleeps now has no pulse
# in: harness/run/pulse.c
# by: pulse_test
s/thread->state != 'R'/true/
