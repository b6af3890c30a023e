#include "orders/yl-orders-page.h"

#include "base/yl-i18n.h"
#include "desk/yl-order-list.h"
#include "orders/yl-order-file.h"
#include "records/yl-codes.h"
#include "records/yl-worker.h"
#include "widgets/yl-split.h"
#include "yl-format.h"
#include "yl-row.h"
#include "yl-window.h"

#define SHOWN_ORDERS 500

struct _YlOrdersPage
{
  AdwBin parent_instance;

  YlSession *session; /* borrowed */
  GListStore *items;  /* of YlRow */
  guint open_count;

  /* Template children */
  YlSplit *split;
  GtkSearchEntry *search;
  GtkDropDown *filter;
  GtkStack *stack;
  GtkListView *list;
  GtkSingleSelection *selection;
  YlOrderFile *file;
};

static void yl_orders_page_page_init (YlPageInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (YlOrdersPage,
                               yl_orders_page,
                               ADW_TYPE_BIN,
                               G_IMPLEMENT_INTERFACE (YL_TYPE_PAGE, yl_orders_page_page_init))

/* The style of a state's word. */
static const char *
style_of (const YlOrderItem *item)
{
  if (g_strcmp0 (item->cause, "dropout") == 0 || g_strcmp0 (item->cause, "overruled") == 0)
    return "urgent";
  if (g_str_equal (item->state, "proposed"))
    return "firm";
  if (g_str_equal (item->state, "matching") || g_str_equal (item->state, "intake")
      || g_str_equal (item->state, "stock"))
    return "open";
  return "done";
}

static YlRow *
make_row (YlOrdersPage *self, const YlOrderItem *item)
{
  gint64 now = yl_session_now (self->session);
  YlRow *row = yl_row_new (yl_record_get_id (item->order), 0);
  const char *service = yl_record_get_text (item->order, "service_type");
  g_autofree char *customer = yl_format_person (item->customer_name, FALSE, item->customer_erased);
  g_autofree char *schedule = yl_format_schedule (item->order, now);
  gboolean has_cause = item->cause != NULL && !g_str_equal (item->state, "proposed") && style_of (item)[0] == 'u';

  yl_row_take_text (row, YL_ROW_TITLE,
                    g_strdup_printf ("%s · %s", service == NULL ? "" : yl_code_label ("job_type", service), customer));
  yl_row_take_text (row, YL_ROW_SUBTITLE,
                    g_strjoin (*schedule == '\0' || item->community == NULL ? "" : " · ", schedule,
                               item->community == NULL ? "" : item->community, NULL));
  yl_row_set_text (row, YL_ROW_TRAILING, yl_record_get_text (item->order, "order_no"));
  yl_row_set_text (row, YL_ROW_BADGE,
                   has_cause ? yl_code_label ("order_cause", item->cause) : yl_code_label ("order_state", item->state));
  yl_row_set_text (row, YL_ROW_STYLE, style_of (item));
  return row;
}

static void
fill_list (YlOrdersPage *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->search));
  YlOrderFilter filter = gtk_drop_down_get_selected (self->filter);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) orders =
      yl_order_list (yl_session_get_store (self->session), filter, text, SHOWN_ORDERS, &error);
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_object_unref);

  if (orders == NULL)
    {
      g_warning ("%s", error->message);
      return;
    }
  for (guint i = 0; i < orders->len; i++)
    g_ptr_array_add (rows, make_row (self, orders->pdata[i]));
  yl_row_list_update (self->items, rows, FALSE);
  gtk_stack_set_visible_child_name (self->stack, orders->len == 0 ? "empty" : "list");
}

static void
count_open (YlOrdersPage *self)
{
  g_autoptr (GPtrArray) open =
      yl_order_list (yl_session_get_store (self->session), YL_ORDERS_OPEN, NULL, SHOWN_ORDERS, NULL);

  self->open_count = open == NULL ? 0 : open->len;
}

static void
search_changed_cb (GtkSearchEntry *search, YlOrdersPage *self)
{
  if (self->session != NULL)
    fill_list (self);
}

static void
filter_changed_cb (GtkDropDown *filter, GParamSpec *pspec, YlOrdersPage *self)
{
  if (self->session != NULL)
    fill_list (self);
}

static void
search_activated_cb (GtkSearchEntry *search, YlOrdersPage *self)
{
  if (g_list_model_get_n_items (G_LIST_MODEL (self->items)) == 0)
    return;
  gtk_single_selection_set_selected (self->selection, 0);
  gtk_widget_grab_focus (GTK_WIDGET (self->list));
}

static void
selection_changed_cb (GtkSingleSelection *selection, GParamSpec *pspec, YlOrdersPage *self)
{
  YlRow *row = gtk_single_selection_get_selected_item (selection);

  if (row != NULL)
    yl_order_file_show (self->file, yl_row_get_text (row, YL_ROW_KEY));
}

/* Enter: the file when the window is narrow, else matching. */
static void
row_activated_cb (GtkListView *list, guint position, YlOrdersPage *self)
{
  g_autoptr (YlRow) row = g_list_model_get_item (G_LIST_MODEL (self->items), position);

  yl_order_file_show (self->file, yl_row_get_text (row, YL_ROW_KEY));
  yl_split_set_show_end (self->split, TRUE);
  gtk_widget_child_focus (GTK_WIDGET (self->file), GTK_DIR_TAB_FORWARD);
}

static void
yl_orders_page_refresh (YlPage *page, gboolean from_elsewhere)
{
  YlOrdersPage *self = YL_ORDERS_PAGE (page);

  fill_list (self);
  count_open (self);
  yl_order_file_refresh (self->file);
}

static void
yl_orders_page_set_session (YlPage *page, YlSession *session)
{
  YlOrdersPage *self = YL_ORDERS_PAGE (page);

  self->session = session;
  g_list_store_remove_all (self->items);
  yl_order_file_set_session (self->file, session);
  yl_orders_page_refresh (page, FALSE);
}

static void
yl_orders_page_focus_search (YlPage *page)
{
  yl_split_set_show_end (YL_ORDERS_PAGE (page)->split, FALSE);
  gtk_widget_grab_focus (GTK_WIDGET (YL_ORDERS_PAGE (page)->search));
}

static void
yl_orders_page_focus_content (YlPage *page)
{
  YlOrdersPage *self = YL_ORDERS_PAGE (page);

  gtk_widget_grab_focus (GTK_WIDGET (self->list));
}

static gboolean
yl_orders_page_step_back (YlPage *page)
{
  YlOrdersPage *self = YL_ORDERS_PAGE (page);

  if (!yl_split_is_narrow (self->split) || !yl_split_get_show_end (self->split))
    return FALSE;
  yl_split_set_show_end (self->split, FALSE);
  return TRUE;
}

static void
yl_orders_page_dispose (GObject *object)
{
  g_clear_object (&YL_ORDERS_PAGE (object)->items);
  G_OBJECT_CLASS (yl_orders_page_parent_class)->dispose (object);
}

static void
yl_orders_page_class_init (YlOrdersPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (YL_TYPE_ROW);
  g_type_ensure (YL_TYPE_ORDER_FILE);
  G_OBJECT_CLASS (klass)->dispose = yl_orders_page_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/yuelai/Yuelai/orders/yl-orders-page.ui");
  gtk_widget_class_bind_template_child (widget_class, YlOrdersPage, split);
  gtk_widget_class_bind_template_child (widget_class, YlOrdersPage, search);
  gtk_widget_class_bind_template_child (widget_class, YlOrdersPage, filter);
  gtk_widget_class_bind_template_child (widget_class, YlOrdersPage, stack);
  gtk_widget_class_bind_template_child (widget_class, YlOrdersPage, list);
  gtk_widget_class_bind_template_child (widget_class, YlOrdersPage, selection);
  gtk_widget_class_bind_template_child (widget_class, YlOrdersPage, file);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, filter_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, selection_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
}

static void
yl_orders_page_page_init (YlPageInterface *iface)
{
  iface->set_session = yl_orders_page_set_session;
  iface->refresh = yl_orders_page_refresh;
  iface->focus_search = yl_orders_page_focus_search;
  iface->focus_content = yl_orders_page_focus_content;
  iface->step_back = yl_orders_page_step_back;
}

static void
yl_orders_page_init (YlOrdersPage *self)
{
  self->items = g_list_store_new (YL_TYPE_ROW);
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_single_selection_set_model (self->selection, G_LIST_MODEL (self->items));
}

void
yl_orders_page_show_order (YlOrdersPage *self, const char *order)
{
  yl_order_file_show (self->file, order);
  yl_split_set_show_end (self->split, TRUE);
}

guint
yl_orders_page_get_open_count (YlOrdersPage *self)
{
  return self->open_count;
}
