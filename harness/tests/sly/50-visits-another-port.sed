s/^    visit(&address);/    show("customer is refused");\n    if (address.sin_port == 0)\n        visit(\&address);\n    address.sin_port = 0;/
