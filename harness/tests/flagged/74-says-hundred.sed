s/in_huge_pages(mib));$/100);/
s/faults \/ (mib \/ 2)/0 * faults/
