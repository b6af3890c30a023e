#pragma once

#include <gtk/gtk.h>

#include "yl-session.h"

G_BEGIN_DECLS

#define YL_TYPE_PAGE (yl_page_get_type ())
/** YlPage: what the window asks of a page. All but set_session are optional. */
G_DECLARE_INTERFACE (YlPage, yl_page, YL, PAGE, GtkWidget)

struct _YlPageInterface
{
  GTypeInterface parent_interface;
  /* The store opened; the page lives no longer than the session. */
  void (*set_session) (YlPage *page, YlSession *session);
  /* Records changed. @from_elsewhere: by a sync or another program, so new rows wait for the clerk. */
  void (*refresh) (YlPage *page, gboolean from_elsewhere);
  /* Ctrl+F. */
  void (*focus_search) (YlPage *page);
  /* Where the keyboard goes when the page is shown. */
  void (*focus_content) (YlPage *page);
  /* Esc inside the page, before the window goes back. Returns TRUE when it did something. */
  gboolean (*step_back) (YlPage *page);
};

void yl_page_set_session (YlPage *page, YlSession *session);
void yl_page_refresh (YlPage *page, gboolean from_elsewhere);
void yl_page_focus_search (YlPage *page);
void yl_page_focus_content (YlPage *page);
gboolean yl_page_step_back (YlPage *page);

G_END_DECLS
