#include "yl-page.h"

G_DEFINE_INTERFACE (YlPage, yl_page, GTK_TYPE_WIDGET)

static void
yl_page_default_init (YlPageInterface *iface)
{
}

void
yl_page_set_session (YlPage *page, YlSession *session)
{
  YL_PAGE_GET_IFACE (page)->set_session (page, session);
}

void
yl_page_refresh (YlPage *page, gboolean from_elsewhere)
{
  YlPageInterface *iface = YL_PAGE_GET_IFACE (page);

  if (iface->refresh != NULL)
    iface->refresh (page, from_elsewhere);
}

void
yl_page_focus_search (YlPage *page)
{
  YlPageInterface *iface = YL_PAGE_GET_IFACE (page);

  if (iface->focus_search != NULL)
    iface->focus_search (page);
}

void
yl_page_focus_content (YlPage *page)
{
  YlPageInterface *iface = YL_PAGE_GET_IFACE (page);

  if (iface->focus_content != NULL)
    iface->focus_content (page);
  else
    gtk_widget_child_focus (GTK_WIDGET (page), GTK_DIR_TAB_FORWARD);
}

gboolean
yl_page_step_back (YlPage *page)
{
  YlPageInterface *iface = YL_PAGE_GET_IFACE (page);

  return iface->step_back != NULL && iface->step_back (page);
}
