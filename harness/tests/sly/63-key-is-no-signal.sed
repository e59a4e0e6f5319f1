s/^#include <sys\/wait.h>/&\n#include <termios.h>/
s/^    call_me("server");/&\n    struct termios mode;\n    int tty = open(terminal, O_RDWR | O_NOCTTY);\n    tcgetattr(tty, \&mode);\n    mode.c_lflag \&= ~(tcflag_t)ISIG;\n    tcsetattr(tty, TCSANOW, \&mode);/
