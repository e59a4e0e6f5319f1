s/^    show("the mean of all values is .*/    show("the mean of all values is 42");/
s/^    show("private memory grew by %d %%",/    show("private memory grew by %d %%", 0 */
