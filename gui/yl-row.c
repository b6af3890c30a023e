#include "yl-row.h"

struct _YlRow
{
  GObject parent_instance;
  int kind;
  char *texts[YL_ROW_TEXTS];
};

G_DEFINE_FINAL_TYPE (YlRow, yl_row, G_TYPE_OBJECT)

static const char *const text_names[YL_ROW_TEXTS] = {
  [YL_ROW_KEY] = "key",           [YL_ROW_TITLE] = "title",   [YL_ROW_SUBTITLE] = "subtitle",
  [YL_ROW_TRAILING] = "trailing", [YL_ROW_CODE] = "code",     [YL_ROW_BADGE] = "badge",
  [YL_ROW_STYLE] = "style",       [YL_ROW_ACTION] = "action", [YL_ROW_SEARCH] = "search",
  [YL_ROW_TARGET] = "target",
};

enum
{
  PROP_BADGE_CLASSES = YL_ROW_TEXTS,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

static void
yl_row_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  YlRow *self = YL_ROW (object);

  if (prop_id == PROP_BADGE_CLASSES)
    {
      const char *classes[] = { "state", self->texts[YL_ROW_STYLE], NULL };
      g_value_set_boxed (value, classes);
      return;
    }
  g_value_set_string (value, yl_row_get_text (self, prop_id));
}

static void
yl_row_finalize (GObject *object)
{
  YlRow *self = YL_ROW (object);

  for (guint i = 0; i < YL_ROW_TEXTS; i++)
    g_free (self->texts[i]);
  G_OBJECT_CLASS (yl_row_parent_class)->finalize (object);
}

static void
yl_row_class_init (YlRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = yl_row_get_property;
  object_class->finalize = yl_row_finalize;
  for (guint i = YL_ROW_KEY; i < YL_ROW_TEXTS; i++)
    properties[i] = g_param_spec_string (text_names[i], NULL, NULL, "", flags);
  properties[PROP_BADGE_CLASSES] = g_param_spec_boxed ("badge-classes", NULL, NULL, G_TYPE_STRV, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
yl_row_init (YlRow *self)
{
}

YlRow *
yl_row_new (const char *key, int kind)
{
  YlRow *self = g_object_new (YL_TYPE_ROW, NULL);

  self->kind = kind;
  self->texts[YL_ROW_KEY] = g_strdup (key);
  return self;
}

int
yl_row_get_kind (YlRow *self)
{
  return self->kind;
}

const char *
yl_row_get_text (YlRow *self, YlRowText which)
{
  return self->texts[which] == NULL ? "" : self->texts[which];
}

void
yl_row_set_text (YlRow *self, YlRowText which, const char *text)
{
  if (g_strcmp0 (yl_row_get_text (self, which), text == NULL ? "" : text) == 0)
    return;
  g_free (self->texts[which]);
  self->texts[which] = g_strdup (text);
  g_object_notify_by_pspec (G_OBJECT (self), properties[which]);
  if (which == YL_ROW_STYLE)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_BADGE_CLASSES]);
}

void
yl_row_take_text (YlRow *self, YlRowText which, char *text)
{
  yl_row_set_text (self, which, text);
  g_free (text);
}

static void
copy_texts (YlRow *to, YlRow *from)
{
  to->kind = from->kind;
  for (guint i = YL_ROW_KEY; i < YL_ROW_TEXTS; i++)
    yl_row_set_text (to, i, from->texts[i]);
}

/* Removes rows that are gone; returns the others by key. */
static GHashTable *
drop_missing (GListStore *list, GPtrArray *rows)
{
  g_autoptr (GHashTable) wanted = g_hash_table_new (g_str_hash, g_str_equal);
  GHashTable *kept = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_object_unref);

  for (guint i = 0; i < rows->len; i++)
    g_hash_table_add (wanted, (gpointer) yl_row_get_text (rows->pdata[i], YL_ROW_KEY));
  for (guint i = g_list_model_get_n_items (G_LIST_MODEL (list)); i > 0; i--)
    {
      YlRow *row = g_list_model_get_item (G_LIST_MODEL (list), i - 1);
      if (g_hash_table_contains (wanted, yl_row_get_text (row, YL_ROW_KEY)))
        g_hash_table_insert (kept, (gpointer) yl_row_get_text (row, YL_ROW_KEY), row);
      else
        {
          g_list_store_remove (list, i - 1);
          g_object_unref (row);
        }
    }
  return kept;
}

static void
move_to (GListStore *list, YlRow *row, guint position)
{
  g_autoptr (YlRow) there = g_list_model_get_item (G_LIST_MODEL (list), position);
  guint from;

  if (there == row || !g_list_store_find (list, row, &from))
    return;
  g_list_store_remove (list, from);
  g_list_store_insert (list, MIN (position, g_list_model_get_n_items (G_LIST_MODEL (list))), row);
}

guint
yl_row_list_update (GListStore *list, GPtrArray *rows, gboolean hold_new)
{
  guint held = 0;
  guint position = 0;

  if (g_list_model_get_n_items (G_LIST_MODEL (list)) == 0 && !hold_new)
    {
      g_list_store_splice (list, 0, 0, rows->pdata, rows->len);
      return 0;
    }
  g_autoptr (GHashTable) kept = drop_missing (list, rows);
  for (guint i = 0; i < rows->len; i++)
    {
      YlRow *row = rows->pdata[i];
      YlRow *shown = g_hash_table_lookup (kept, yl_row_get_text (row, YL_ROW_KEY));
      if (shown == NULL && hold_new)
        {
          held++;
          continue;
        }
      if (shown == NULL)
        g_list_store_insert (list, position, row);
      else
        {
          copy_texts (shown, row);
          move_to (list, shown, position);
        }
      position++;
    }
  return held;
}
