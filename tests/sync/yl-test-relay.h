#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/*
 * A relay between store and hub that can be told to spoil answers: what a broken link, a captive portal, a wrong server or a
 * malicious one would send.
 */
typedef enum
{
  YL_RELAY_PASS,
  YL_RELAY_HTML,       /* somebody's web page */
  YL_RELAY_NO_JSON,    /* right type, not JSON */
  YL_RELAY_OTHER_JSON, /* JSON, with nothing in it that is asked for */
  YL_RELAY_HALF,       /* the first half of the body, as if it were all */
  YL_RELAY_CUT,        /* the connection breaks in the middle of the body */
  YL_RELAY_BOMB,       /* a segment of 2 MiB in a few hundred bytes */
  YL_RELAY_HUGE,       /* a length of 4 GiB */
  YL_RELAY_ENDLESS,    /* chunks that never end */
  YL_RELAY_FLIP,       /* the last byte of the body changed */
  YL_RELAY_FORGE,      /* the last hex digit of the body changed: of a signature, where that stands last */
  YL_RELAY_AGAIN,      /* the last good answer to this call once more */
  YL_RELAY_HANG_UP,    /* no answer at all */
} YlRelayMode;

typedef struct _YlTestRelay YlTestRelay;
YlTestRelay *yl_test_relay_new (const char *hub_url);
void yl_test_relay_free (YlTestRelay *relay);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (YlTestRelay, yl_test_relay_free)

const char *yl_test_relay_get_url (YlTestRelay *relay);
/** yl_test_relay_spoil: answers to calls of @path (`fetch`), after the next @skip good ones. */
void yl_test_relay_spoil (YlTestRelay *relay, const char *path, YlRelayMode mode, guint skip);
/** yl_test_relay_count: how many calls of @path there were. */
guint yl_test_relay_count (YlTestRelay *relay, const char *path);

G_END_DECLS
