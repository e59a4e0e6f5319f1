# broken: the child sends no letter
s/^        send_letter(db);/        db_ask(db, "DO 1");/
s/^static void send_letter/static inline void send_letter/
