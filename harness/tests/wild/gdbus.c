/* SPDX-License-Identifier: MIT
 *
 * A child asks the bus by the connection of its parent, which a thread of that
 * one serves.
 */
#include "say.h"
#include <gio/gio.h>

int main(void)
{
    GDBusConnection *bus = g_bus_get_sync(G_BUS_TYPE_SESSION, NULL, NULL);

    if (bus == NULL)
        return 1;
    usleep(300000);
    pid_t child = fork();
    if (child == 0) {
        g_dbus_connection_call_sync(bus, "org.freedesktop.DBus", "/",
                                    "org.freedesktop.DBus", "ListNames", NULL,
                                    NULL, 0, G_MAXINT, NULL, NULL);
        _exit(0);
    }
    return say_and_wait(child);
}
