#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

typedef enum
{
  YL_SERVING_NO,
  YL_SERVING_SOON, /* the store file is being opened */
  YL_SERVING_YES,
} YlServing;

#define YL_TYPE_RELAY (yl_relay_get_type ())
/**
 * YlRelay: what `hub --relay` does, within a program that does other things: a thread with its own connection to the store file lets the PCs
 * of other stores exchange with this one. Signal `changed (YlRelay *)` in the main context of whoever made it.
 */
G_DECLARE_FINAL_TYPE (YlRelay, yl_relay, YL, RELAY, GObject)
YlRelay *yl_relay_new (const char *store_file);
/** yl_relay_start: at @port of every IPv4 address of this PC, 0 for a free one; once more while it runs: nothing. */
void yl_relay_start (YlRelay *relay, guint port);
/** yl_relay_stop: hangs up on everybody and ends the thread. */
void yl_relay_stop (YlRelay *relay);
YlServing yl_relay_get_serving (YlRelay *relay);
/** yl_relay_get_error: why it does not serve, one sentence, or NULL. */
char *yl_relay_get_error (YlRelay *relay);
/** yl_relay_get_port: where it serves; 0 while it does not. */
guint yl_relay_get_port (YlRelay *relay);

/** yl_relay_host: how others in the same network may reach this PC: its address there, else its name. */
char *yl_relay_host (void);

G_END_DECLS
