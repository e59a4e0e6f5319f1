# broken: there is nothing to be undone
s/reserve(mib, true)/reserve(mib, false)/
s/in_huge_pages(mib) != 100/in_huge_pages(mib) == 1/
