#include "history/yl-access-part.h"

#include "base/yl-i18n.h"
#include "merge/yl-person.h"
#include "reconcile/yl-side.h"
#include "records/yl-codes.h"
#include "seal/yl-erase.h"
#include "seal/yl-grant-policy.h"
#include "seal/yl-holding.h"
#include "yl-format.h"

struct _YlAccessPart
{
  AdwBin parent_instance;

  YlSession *session; /* borrowed */
  char *person;

  GtkExpander *expander;
  GtkListBox *list;
};

G_DEFINE_FINAL_TYPE (YlAccessPart, yl_access_part, ADW_TYPE_BIN)

/* What a class of particulars holds. */
static const char *
class_words (int disclosure)
{
  static const struct
  {
    const char *word;
    const char *words;
  } classes[] = {
    { "contact", N_ ("name and phone") },        { "address", N_ ("address") },
    { "identity", N_ ("ID number and papers") }, { "notes", N_ ("notes") },
    { "finance", N_ ("pay and account") },
  };
  const char *word = yl_disclosure_word ((YlDisclosure) disclosure);

  for (guint i = 0; i < G_N_ELEMENTS (classes); i++)
    if (g_str_equal (classes[i].word, word))
      return _ (classes[i].words);
  return word;
}

static void
append_row (YlAccessPart *self, const char *title, const char *subtitle)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);

  gtk_widget_add_css_class (box, "card-body");
  gtk_box_append (GTK_BOX (box), yl_side_label (title, NULL));
  if (subtitle != NULL)
    gtk_box_append (GTK_BOX (box), yl_side_label (subtitle, "dim-label"));
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  gtk_list_box_append (self->list, row);
}

static gboolean
same_reason (const YlHolding *one, const YlHolding *other)
{
  return g_str_equal (one->label, other->label) && g_str_equal (one->why, other->why);
}

static int
compare (gconstpointer a, gconstpointer b)
{
  const YlHolding *one = *(const YlHolding *const *) a, *other = *(const YlHolding *const *) b;
  int order = g_strcmp0 (one->label, other->label);

  if (order == 0)
    order = g_strcmp0 (one->why, other->why);
  return order != 0 ? order : one->disclosure - other->disclosure;
}

/* One row a PC and reason: what it can read, why, and since when. */
static void
append_holdings (YlAccessPart *self, GPtrArray *holdings)
{
  g_ptr_array_sort (holdings, compare);
  for (guint i = 0; i < holdings->len;)
    {
      const YlHolding *first = holdings->pdata[i];
      g_autofree char *since = yl_format_past (first->since, yl_session_now (self->session));
      g_autoptr (GString) title = g_string_new (first->label);
      g_autofree char *subtitle =
          g_strdup_printf ("%s · %s", yl_grant_sentence (yl_grant_from_word (first->why)), since);

      for (guint k = i; i < holdings->len && same_reason (first, holdings->pdata[i]); i++)
        g_string_append_printf (title, "%s%s", i == k ? " · " : yl_label ("、", ", "),
                                class_words (((const YlHolding *) holdings->pdata[i])->disclosure));
      append_row (self, title->str, subtitle);
    }
}

static char *
join_labels (const GPtrArray *labels)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < labels->len; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? yl_label ("、", ", ") : "", (const char *) labels->pdata[i]);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
append_erasure (YlAccessPart *self, const YlErasure *erasure)
{
  g_autofree char *when = yl_format_past (erasure->at, yl_session_now (self->session));
  g_autofree char *done = join_labels (erasure->done);
  g_autofree char *not_yet = join_labels (erasure->not_yet);
  g_autofree char *title = g_strjoin (" · ", _ ("Erased"), yl_code_label ("erasure_cause", erasure->cause), when, NULL);
  g_autofree char *done_words = g_strdup_printf (_ ("done on: %s"), *done != '\0' ? done : _ ("no PC yet"));
  g_autofree char *rest = *not_yet == '\0' ? NULL : g_strdup_printf (_ ("not yet: %s"), not_yet);
  g_autofree char *subtitle = g_strjoin ("\n", done_words, rest, NULL);

  append_row (self, title, subtitle);
}

static void
fill (YlAccessPart *self)
{
  YlStore *store = yl_session_get_store (self->session);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) erasures = yl_erase_status (store, self->person, &error);
  g_autoptr (GPtrArray) holdings = erasures != NULL ? yl_holding_list (store, self->person, &error) : NULL;

  if (holdings == NULL)
    {
      append_row (self, error->message, NULL);
      return;
    }
  for (guint i = 0; i < erasures->len; i++)
    append_erasure (self, erasures->pdata[i]);
  append_holdings (self, holdings);
  if (holdings->len == 0 && erasures->len == 0)
    append_row (self, _ ("No key is known here."), NULL);
  if (holdings->len == 0 && erasures->len > 0)
    append_row (self, _ ("Nobody has a key any more."), NULL);
}

static void
refill (YlAccessPart *self)
{
  GtkWidget *row;

  while ((row = gtk_widget_get_first_child (GTK_WIDGET (self->list))) != NULL)
    gtk_list_box_remove (self->list, row);
  if (self->person != NULL && gtk_expander_get_expanded (self->expander))
    fill (self);
}

static void
expanded_cb (GtkExpander *expander, GParamSpec *property, YlAccessPart *self)
{
  refill (self);
}

static void
yl_access_part_finalize (GObject *object)
{
  g_free (YL_ACCESS_PART (object)->person);
  G_OBJECT_CLASS (yl_access_part_parent_class)->finalize (object);
}

static void
yl_access_part_class_init (YlAccessPartClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = yl_access_part_finalize;
}

static void
yl_access_part_init (YlAccessPart *self)
{
  self->expander = GTK_EXPANDER (gtk_expander_new (_ ("Who can read the particulars")));
  self->list = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_list_box_set_selection_mode (self->list, GTK_SELECTION_NONE);
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "boxed-list");
  gtk_widget_set_margin_top (GTK_WIDGET (self->list), 6);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Who can read the particulars"), -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->expander), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Who can read the particulars"), -1);
  gtk_expander_set_child (self->expander, GTK_WIDGET (self->list));
  g_signal_connect_object (self->expander, "notify::expanded", G_CALLBACK (expanded_cb), self, 0);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->expander));
}

void
yl_access_part_show (YlAccessPart *self, YlSession *session, const char *person)
{
  self->session = session;
  if (g_strcmp0 (self->person, person) != 0)
    {
      g_free (self->person);
      self->person = g_strdup (person);
      gtk_expander_set_expanded (self->expander, FALSE);
    }
  gtk_widget_set_visible (GTK_WIDGET (self), person != NULL);
  refill (self);
}
