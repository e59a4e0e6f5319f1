# broken: nothing is started
s/^        start_mailer();/        (void)start_mailer;/
