/* SPDX-License-Identifier: MIT
 *
 * web: where the reference is, as HTML: published at the address that is in
 * labs/site.txt, or made here by `make site`. Where it is neither, nothing
 * leads there.
 */
#ifndef FORKLAB_WEB_H
#define FORKLAB_WEB_H

/* The address of a page, "31-lock-nobody-holds" or "index"; NULL: it is not
 * published. Caller frees. */
char *web_address(const char *root, const char *page);

/* Its address, or else the path of the file that is here; NULL: neither. Caller
 * frees. */
char *web_place(const char *root, const char *page);

#endif
