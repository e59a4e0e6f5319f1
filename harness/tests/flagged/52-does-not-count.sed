s/^            in_vain++;/            continue;/
