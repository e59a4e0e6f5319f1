# a student's source is text on its page
# in: harness/course/pages.c
# by: grade.bats: a page for each attempt: what was said, the line, the source as text
s/^        escape_xml(stream, line);/        fputs(line, stream);/
