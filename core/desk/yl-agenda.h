#pragma once

#include "store/yl-store.h"

G_BEGIN_DECLS

/* Who is where: the visits and absences of workers within some days. */

typedef enum
{
  YL_SPAN_CONFIRMED,
  YL_SPAN_TENTATIVE,
  YL_SPAN_SERVED,
  YL_SPAN_AWAY, /* leave, or not available */
} YlSpanKind;

typedef struct
{
  YlSpanKind kind;
  gint64 start; /* UTC ms */
  gint64 end;
  char *claim; /* record ids; NULL for absences */
  char *order;
  char *order_no;
  char *service_type;
} YlSpan;
void yl_span_free (YlSpan *span);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (YlSpan, yl_span_free)

/** yl_agenda_of: what @worker has between @from and @until, by start (element-type YlSpan). */
GPtrArray *yl_agenda_of (YlStore *store, const char *worker, gint64 from, gint64 until, GError **error);

typedef struct
{
  char *worker; /* record id */
  char *worker_no;
  char *name;       /* NULL where this node lacks the key */
  GPtrArray *spans; /* of YlSpan */
} YlAgendaRow;
void yl_agenda_row_free (YlAgendaRow *row);

/** yl_agenda_of_site: who of @site's workers, or on @site's orders, has a visit or absence between @from and @until, by worker
 * number, those with visits first (element-type YlAgendaRow). Placements that cover all of it, such as live-in work, are no visits. @site NULL: all. */
GPtrArray *yl_agenda_of_site (YlStore *store, const char *site, gint64 from, gint64 until, GError **error);

G_END_DECLS
