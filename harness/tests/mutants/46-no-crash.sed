# broken: nothing crashes
/^    if (order > 1)/d
/^        abort()/d
