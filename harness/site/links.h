/* SPDX-License-Identifier: MIT
 *
 * links: where the links of a page in Markdown lead to on the site.
 */
#ifndef FORKLAB_LINKS_H
#define FORKLAB_LINKS_H

#include <cmark-gfm.h>

/* Changes the links below a node: 31-lock-nobody-holds.md becomes its .html;
 * what the site does not have becomes text; "lab 31" in a text becomes a link.
 * links_labs() must have been called. */
void links_lead_to_pages(cmark_node *node);

/* The stems of the labs by their numbers, 0 to 99 (NULL: there is none); kept.
 */
void links_labs(const char *const stem[100]);

#endif
