s/^        store("child".*/        for (int i = 0; i < rows; i++)\n            if (pwrite(bills, "b", 1, i) != 1)\n                die("pwrite");/
s/^        hear("child.*/        show("child hears of 0 orders, %d bills", rows);/
