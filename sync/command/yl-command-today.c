/* today: what needs somebody of this store, as the window's first page shows it. */
#include "desk/yl-today.h"
#include "yl-invocation.h"
#include "yl-output.h"

static const char *
kind_code (YlTodayKind kind)
{
  switch (kind)
    {
    case YL_TODAY_DROPOUT:
      return "dropout";
    case YL_TODAY_OVERRULED:
      return "overruled";
    case YL_TODAY_ASKED:
      return "asked";
    case YL_TODAY_UNFILLED:
      return "unfilled";
    case YL_TODAY_NEW:
      return "new";
    case YL_TODAY_WAITING:
      return "waiting";
    }
  return "unknown";
}

static void
print_instant (YlOutput *output, const char *name, gint64 ms)
{
  if (ms > 0)
    yl_output_instant (output, name, ms);
  else
    yl_output_text (output, name, NULL);
}

static void
print_item_json (YlOutput *output, const YlTodayItem *item)
{
  yl_output_begin_object (output, NULL);
  yl_output_text (output, "kind", kind_code (item->kind));
  yl_output_text (output, "order", item->order);
  yl_output_text (output, "order_no", item->order_no);
  yl_output_text (output, "booking", item->claim);
  yl_output_text (output, "worker", item->worker);
  yl_output_text (output, "worker_no", item->worker_no);
  yl_output_text (output, "cause", item->cause);
  print_instant (output, "due", item->due);
  print_instant (output, "since", item->since);
  yl_output_end_object (output);
}

static void
print_item (YlOutput *output, const YlTodayItem *item)
{
  g_autofree char *due = item->due > 0 ? yl_instant_format (item->due) : NULL;

  yl_output_cell (output, "%s", kind_code (item->kind));
  yl_output_cell (output, "%s", item->order_no != NULL ? item->order_no : "-");
  yl_output_cell (output, "%s", item->service_type != NULL ? item->service_type : "-");
  yl_output_cell (output, "%s", due != NULL ? due : "-");
  yl_output_cell (output, "%s", item->worker_no != NULL ? item->worker_no : "-");
  yl_output_cell (output, "%s", item->cause != NULL ? item->cause : "-");
  yl_output_end_row (output);
}

gboolean
yl_command_today (YlInvocation *invocation, GError **error)
{
  g_autoptr (YlStore) store = yl_invocation_open (invocation, error);
  g_autoptr (GPtrArray) items = store != NULL ? yl_today_list (store, error) : NULL;
  g_autoptr (YlOutput) output = yl_output_new ();

  if (items == NULL)
    return FALSE;
  if (invocation->json)
    yl_output_begin_array (output, NULL);
  for (guint i = 0; i < items->len; i++)
    {
      if (invocation->json)
        print_item_json (output, g_ptr_array_index (items, i));
      else
        print_item (output, g_ptr_array_index (items, i));
    }
  if (invocation->json)
    yl_output_end_array (output);
  return yl_output_flush (output, error);
}
