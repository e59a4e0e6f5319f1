/* SPDX-License-Identifier: MIT
 *
 * marks: see marks.h.
 */
#include "course/marks.h"

#include "course/check.h"

const char *grade_word(const struct graded *graded)
{
    switch (graded->mark) {
    case MARK_PENDING:
        return "not graded yet";
    case MARK_PASS:
        return "pass";
    case MARK_NOT_STARTED:
        return "not started";
    case MARK_HAZARD:
        return check_end_word(CHECK_HAZARD);
    case MARK_BROKEN:
        return check_end_word(CHECK_BROKEN);
    case MARK_COMPILER:
        return check_end_word(CHECK_COMPILER);
    case MARK_UNCHANGED:
        return check_end_word(CHECK_SAME);
    case MARK_SKIP:
        return check_end_word(CHECK_SKIP);
    case MARK_ERROR:
        return check_end_word(CHECK_CANNOT);
    }
    return "unknown";
}

char grade_letter(enum mark mark)
{
    return "?PHBC-SEU"[mark];
}

int grade_score(const struct grades *grades)
{
    int score = 0;

    for (size_t i = 0; i < grades->count; i++)
        score += grades->item[i].mark == MARK_PASS;
    return score;
}

int grade_most(const struct grades *grades)
{
    int most = 0;

    for (size_t i = 0; i < grades->count; i++)
        most += grades->item[i].mark != MARK_SKIP;
    return most;
}
