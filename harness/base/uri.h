/* SPDX-License-Identifier: MIT
 *
 * uri: any path as a reference by RFC 3986.
 */
#ifndef FORKLAB_URI_H
#define FORKLAB_URI_H

/* The path with each byte as %XX that is neither a slash nor unreserved
 * (RFC 3986, 2.3); "./" before one that begins with neither slash nor dot is
 * not needed, for a colon is escaped, too. The caller frees it. */
char *uri_of_path(const char *path);

#endif
