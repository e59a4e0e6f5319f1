s/^    visit(&address);/    show("customer is refused");\n    address.sin_port = 0;/
