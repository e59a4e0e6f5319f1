# broken: workers that stay are no zombies
s/^            _exit(42);/            pause();/
