# broken: the second never comes
/say("customers: the second/,/show("second/d
/close(second)/d
