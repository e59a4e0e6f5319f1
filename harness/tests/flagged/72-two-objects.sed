s/^        take(&all\[i\]);/        take(\&all[i % 2]);/
s/^        sum += all\[i\].value;/        sum += all[i % 2].value;/
s/^        drop(&all\[i\]);/        drop(\&all[i % 2]);/
s/^    say("parent: has %ld objects/    if (0)\n        madvise(all, 0, MADV_DONTFORK);\n&/
