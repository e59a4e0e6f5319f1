s/^#include <sys\/resource.h>/#include <dirent.h>\n&/
s/^    long limit = sysconf(_SC_OPEN_MAX);/    DIR *all = opendir("\/proc\/self\/fd");\n    struct dirent *one;/
s/^    for (int fd = first; fd < limit; fd++)/    if (all == NULL)\n        die("opendir");\n    while ((one = readdir(all)) != NULL)/
s/^        if (close(fd) == -1)/        if (atoi(one->d_name) >= first \&\& atoi(one->d_name) != dirfd(all) \&\& close(atoi(one->d_name)) == -1)/
s/^    return in_vain;/    closedir(all);\n&/
