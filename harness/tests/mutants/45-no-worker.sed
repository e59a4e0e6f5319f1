# broken: nobody works in the child
/^int main/,/^}/s/^        open_bank();//
