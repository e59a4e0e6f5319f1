# broken: the parent asks for nothing
/SELECT 12345"/d
