#include "orders/yl-intake-page.h"

#include <string.h>

#include "base/yl-i18n.h"
#include "desk/yl-budget.h"
#include "desk/yl-intake.h"
#include "desk/yl-phrase.h"
#include "orders/yl-fit-count.h"
#include "records/yl-codes.h"
#include "records/yl-tables.h"
#include "widgets/yl-chip.h"
#include "widgets/yl-split.h"
#include "yl-format.h"
#include "yl-window.h"

/* Enough of a match to count both stages. */
#define COUNTED 1000
/* Requirements that are columns of the order, before those that are skills or languages. */
static const struct
{
  const char *code;
  const char *words;
} papers[] = {
  { "need_health", N_ ("Health certificate") },
  { "need_insurance", N_ ("Insurance") },
  { "need_background", N_ ("Background check") },
};

/* The skills asked for most with each service. */
static const struct
{
  const char *services;
  const char *skills;
} usual_skills[] = {
  { "maternity", "newborn,postnatal,confinement_meals,lactation,twins" },
  { "childcare_live_in,childcare_day", "infant,baby_food,early_education,child_massage" },
  { "housekeeper_live_in,housekeeper_day", "chinese_cooking,wheat_food,ironing,organising,driving" },
  { "cleaning,hourly,organising", "deep_cleaning,ironing,organising,chinese_cooking" },
  { "elder_care,hospital,companion", "elder_care,dementia,rehabilitation,medical,chinese_cooking" },
  { "tutor", "foreign_language,early_education" },
  { "pets", "pets,driving" },
};

struct _YlIntakePage
{
  AdwBin parent_instance;

  YlSession *session; /* borrowed */
  YlCaller *caller;   /* who has the phone number typed, or NULL */
  YlPlace read_place;
  char *place_rest;
  guint count_source;

  /* Template children */
  GtkEditable *phone;
  GtkLabel *phone_note;
  GtkEditable *name;
  GtkLabel *name_note;
  YlWrapBox *services;
  GtkLabel *services_note;
  GtkEditable *time;
  GtkLabel *time_note;
  GtkEditable *place;
  GtkLabel *place_note;
  YlWrapBox *requirements;
  GtkEditable *budget;
  GtkLabel *budget_note;
  GtkEditable *note;
  GtkLabel *form_error;
  YlFitCount *fit_count;
};

static void yl_intake_page_page_init (YlPageInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (YlIntakePage,
                               yl_intake_page,
                               ADW_TYPE_BIN,
                               G_IMPLEMENT_INTERFACE (YL_TYPE_PAGE, yl_intake_page_page_init))

/* Notes under the fields */

typedef enum
{
  NOTE_READING,
  NOTE_HINT,
  NOTE_ERROR,
} NoteKind;

static void
set_note (GtkLabel *label, NoteKind kind, const char *text)
{
  static const char *const styles[] = { [NOTE_READING] = "reading", [NOTE_HINT] = "dim-label", [NOTE_ERROR] = "error" };
  const char *classes[] = { "caption", styles[kind], NULL };

  gtk_label_set_label (label, text == NULL ? "" : text);
  gtk_widget_set_css_classes (GTK_WIDGET (label), classes);
  gtk_widget_set_visible (GTK_WIDGET (label), text != NULL && *text != '\0');
}

/* What is typed, read */

static char *
text_of (GtkEditable *editable)
{
  return g_strstrip (g_strdup (gtk_editable_get_text (editable)));
}

static char *
digits_of (GtkEditable *editable)
{
  g_autoptr (GString) digits = g_string_new (NULL);

  for (const char *at = gtk_editable_get_text (editable); *at != '\0'; at++)
    if (g_ascii_isdigit (*at))
      g_string_append_c (digits, *at);
  return g_string_free (g_steal_pointer (&digits), FALSE);
}

static const char *
chosen_service (YlIntakePage *self)
{
  for (GtkWidget *chip = gtk_widget_get_first_child (GTK_WIDGET (self->services)); chip != NULL;
       chip = gtk_widget_get_next_sibling (chip))
    if (gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (chip)))
      return yl_chip_get_code (chip);
  return NULL;
}

/* Switched-on requirements of one kind (`skill:` or `language:`) as a comma list; papers go into @order. */
static char *
chosen_requirements (YlIntakePage *self, const char *kind, YlRecord *order)
{
  g_autoptr (GString) list = g_string_new (NULL);

  for (GtkWidget *chip = gtk_widget_get_first_child (GTK_WIDGET (self->requirements)); chip != NULL;
       chip = gtk_widget_get_next_sibling (chip))
    {
      const char *code = yl_chip_get_code (chip);
      if (!gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (chip)))
        continue;
      if (g_str_has_prefix (code, kind))
        g_string_append_printf (list, "%s%s", list->len > 0 ? "," : "", code + strlen (kind));
      else if (g_str_has_prefix (code, "need_"))
        yl_record_set_integer (order, code, 1);
    }
  return g_string_free (g_steal_pointer (&list), FALSE);
}

static gboolean
read_time (YlIntakePage *self, YlRecord *order, GError **error)
{
  g_autofree char *text = text_of (self->time);
  YlPhrase phrase;

  if (!yl_phrase_read (text, yl_session_now (self->session), &phrase, error))
    return FALSE;
  yl_phrase_fill (&phrase, order);
  return TRUE;
}

static gboolean
read_budget (YlIntakePage *self, YlRecord *order, GError **error)
{
  g_autofree char *text = text_of (self->budget);
  YlBudget budget;

  if (*text == '\0')
    return TRUE;
  if (!yl_budget_read (text, yl_budget_unit_for (chosen_service (self)), &budget, error))
    return FALSE;
  if (budget.from > 0)
    yl_record_set_integer (order, "budget_from", budget.from);
  yl_record_set_integer (order, "budget_to", budget.to);
  yl_record_set_text (order, "budget_unit", budget.unit);
  return TRUE;
}

static void
fill_place (YlIntakePage *self, YlRecord *order)
{
  const YlRecord *home = self->caller == NULL ? NULL : self->caller->household;

  if (self->place_rest != NULL)
    {
      yl_record_set_text (order, "district", self->read_place.district);
      if (!self->read_place.is_known)
        return;
      yl_record_set_integer (order, "lat", self->read_place.lat);
      yl_record_set_integer (order, "lon", self->read_place.lon);
    }
  else if (home != NULL)
    {
      yl_record_set_value (order, "district", yl_record_get_value (home, "district"));
      yl_record_set_value (order, "lat", yl_record_get_value (home, "lat"));
      yl_record_set_value (order, "lon", yl_record_get_value (home, "lon"));
    }
}

/* The order as far as it can be read; what cannot is left out. */
static YlRecord *
draft_order (YlIntakePage *self)
{
  YlRecord *order = yl_record_new (&yl_order_table, NULL);

  if (chosen_service (self) != NULL)
    yl_record_set_text (order, "service_type", chosen_service (self));
  if (self->caller != NULL)
    {
      yl_record_set_text (order, "customer", yl_record_get_id (self->caller->customer));
      if (self->caller->household != NULL && self->place_rest == NULL)
        yl_record_set_text (order, "household", yl_record_get_id (self->caller->household));
    }
  read_time (self, order, NULL);
  read_budget (self, order, NULL);
  fill_place (self, order);
  return order;
}

/* The live count */

static void
count_now (YlIntakePage *self)
{
  g_autoptr (YlRecord) order = draft_order (self);
  g_autofree char *skills = chosen_requirements (self, "skill:", order);
  g_autofree char *languages = chosen_requirements (self, "language:", order);
  const char *sets[] = { "skills", skills, "languages", languages, NULL };
  g_autoptr (GError) error = NULL;
  YlMatcher *matcher = yl_session_get_matcher (self->session, &error);
  g_autoptr (YlMatchResult) result = matcher == NULL || chosen_service (self) == NULL
                                         ? NULL
                                         : yl_matcher_match_draft (matcher, order, sets, COUNTED, &error);

  if (error != NULL)
    g_warning ("%s", error->message);
  yl_fit_count_show (self->fit_count, result);
}

static gboolean
count_due_cb (gpointer data)
{
  YlIntakePage *self = data;

  self->count_source = 0;
  count_now (self);
  return G_SOURCE_REMOVE;
}

static void
queue_count (YlIntakePage *self)
{
  if (self->count_source == 0)
    self->count_source = g_timeout_add (60, count_due_cb, self);
}

/* Readings as one types */

static void
show_caller (YlIntakePage *self)
{
  g_autofree char *digits = digits_of (self->phone);
  g_autoptr (GError) error = NULL;

  g_clear_pointer (&self->caller, yl_caller_free);
  if (strlen (digits) == 11)
    self->caller = yl_intake_find_caller (yl_session_get_store (self->session), digits, &error);
  if (error != NULL)
    g_warning ("%s", error->message);
  gtk_widget_set_visible (gtk_widget_get_parent (GTK_WIDGET (self->name)), self->caller == NULL);
  if (self->caller == NULL)
    {
      set_note (self->phone_note, NOTE_HINT, strlen (digits) == 11 ? _ ("A new customer.") : NULL);
      return;
    }
  g_autofree char *counted = g_strdup_printf (
      g_dngettext (GETTEXT_PACKAGE, "%u order", "%u orders", self->caller->n_orders), self->caller->n_orders);
  g_autofree char *last = self->caller->last_worker_name == NULL
                              ? NULL
                              : g_strdup_printf (_ ("last had %s"), self->caller->last_worker_name);
  g_autofree char *all = g_strjoin (" · ", yl_record_get_text (self->caller->customer, "name"), counted, last, NULL);
  set_note (self->phone_note, NOTE_READING, all);
}

static char *
describe_place (const YlPlace *place)
{
  const char *district = place->district == NULL ? "" : yl_code_label ("district", place->district);
  g_autofree char *distance = place->metres < 0 ? NULL : yl_format_distance (place->metres);
  g_autofree char *far = distance == NULL ? NULL : g_strdup_printf (_ ("%s from this store"), distance);

  if (place->community == NULL || *place->community == '\0')
    return g_strjoin (" · ", district, far, NULL);
  return g_strjoin (" · ", place->community, district, far, NULL);
}

static void
show_place (YlIntakePage *self)
{
  g_autofree char *text = text_of (self->place);
  g_autoptr (GError) error = NULL;
  const YlRecord *home = self->caller == NULL ? NULL : self->caller->household;

  yl_place_clear (&self->read_place);
  g_clear_pointer (&self->place_rest, g_free);
  if (*text == '\0')
    {
      const char *community = home == NULL ? NULL : yl_record_get_text (home, "community");
      g_autofree char *as_before = community == NULL ? NULL : g_strdup_printf (_ ("as before: %s"), community);
      set_note (self->place_note, NOTE_READING, as_before);
      return;
    }
  if (!yl_intake_find_place (yl_session_get_store (self->session), text, &self->read_place, &self->place_rest, &error))
    {
      set_note (self->place_note, NOTE_ERROR, error->message);
      return;
    }
  g_autofree char *reading = describe_place (&self->read_place);
  set_note (self->place_note, self->read_place.is_known ? NOTE_READING : NOTE_HINT, reading);
}

static void
show_time (YlIntakePage *self)
{
  g_autofree char *text = text_of (self->time);
  g_autoptr (GError) error = NULL;
  YlPhrase phrase;

  if (*text == '\0')
    set_note (self->time_note, NOTE_HINT, NULL);
  else if (yl_phrase_read (text, yl_session_now (self->session), &phrase, &error))
    {
      g_autofree char *reading = yl_format_phrase (&phrase, yl_session_now (self->session));
      set_note (self->time_note, NOTE_READING, reading);
    }
  else
    set_note (self->time_note, NOTE_HINT, error->message);
}

static void
show_budget (YlIntakePage *self)
{
  g_autofree char *text = text_of (self->budget);
  g_autoptr (YlRecord) order = yl_record_new (&yl_order_table, NULL);
  g_autoptr (GError) error = NULL;

  if (!read_budget (self, order, &error))
    {
      set_note (self->budget_note, NOTE_HINT, error->message);
      return;
    }
  g_autofree char *reading =
      yl_format_wage (yl_record_get_integer (order, "budget_from", 0), yl_record_get_integer (order, "budget_to", 0),
                      yl_record_get_text (order, "budget_unit"));
  set_note (self->budget_note, NOTE_READING, reading);
}

static void
field_changed_cb (GtkEditable *editable, YlIntakePage *self)
{
  if (self->session == NULL)
    return;
  set_note (self->form_error, NOTE_ERROR, NULL);
  if (editable == self->phone)
    {
      show_caller (self);
      show_place (self);
    }
  else if (editable == self->time)
    show_time (self);
  else if (editable == self->place)
    show_place (self);
  else if (editable == self->budget)
    show_budget (self);
  else
    set_note (self->name_note, NOTE_ERROR, NULL);
  queue_count (self);
}

/* Chips */

static void
requirement_toggled_cb (GtkToggleButton *chip, YlIntakePage *self)
{
  queue_count (self);
}

static void
add_requirement (YlIntakePage *self, const char *kind, const char *code, const char *label)
{
  g_autofree char *full = g_strconcat (kind, code, NULL);
  GtkWidget *chip = yl_chip_toggle_new (label, full);

  g_signal_connect_object (chip, "toggled", G_CALLBACK (requirement_toggled_cb), self, 0);
  yl_wrap_box_append (self->requirements, chip);
}

static void
fill_requirements (YlIntakePage *self)
{
  const char *service = chosen_service (self);

  yl_wrap_box_clear (self->requirements);
  for (guint i = 0; service != NULL && i < G_N_ELEMENTS (usual_skills); i++)
    {
      g_auto (GStrv) services = g_strsplit (usual_skills[i].services, ",", -1);
      g_auto (GStrv) skills = g_strsplit (usual_skills[i].skills, ",", -1);
      for (guint k = 0; g_strv_contains ((const char *const *) services, service) && skills[k] != NULL; k++)
        add_requirement (self, "skill:", skills[k], yl_code_label ("skill", skills[k]));
    }
  for (guint i = 0; i < G_N_ELEMENTS (papers); i++)
    add_requirement (self, "", papers[i].code, _ (papers[i].words));
  add_requirement (self, "language:", "mandarin", yl_code_label ("language", "mandarin"));
}

static void
service_toggled_cb (GtkToggleButton *chip, YlIntakePage *self)
{
  if (!gtk_toggle_button_get_active (chip))
    return;
  set_note (self->services_note, NOTE_ERROR, NULL);
  fill_requirements (self);
  show_budget (self);
  queue_count (self);
}

static void
fill_services (YlIntakePage *self)
{
  GtkWidget *first = NULL;

  for (const YlCode *code = yl_codes ("job_type"); code->code != NULL; code++)
    {
      GtkWidget *chip = yl_chip_toggle_new (yl_label (code->zh, code->en), code->code);
      if (first == NULL)
        first = chip;
      else
        gtk_toggle_button_set_group (GTK_TOGGLE_BUTTON (chip), GTK_TOGGLE_BUTTON (first));
      g_signal_connect_object (chip, "toggled", G_CALLBACK (service_toggled_cb), self, 0);
      yl_wrap_box_append (self->services, chip);
    }
}

/* Saving */

/* Says under each field what is wrong; returns the first such field. */
static GtkWidget *
check_form (YlIntakePage *self, YlRecord *order)
{
  GtkWidget *first = NULL;
  g_autofree char *digits = digits_of (self->phone);
  g_autofree char *name = text_of (self->name);
  g_autofree char *time = text_of (self->time);
  g_autoptr (GError) time_error = NULL;
  g_autoptr (GError) budget_error = NULL;

  if (!read_budget (self, order, &budget_error))
    {
      set_note (self->budget_note, NOTE_ERROR, budget_error->message);
      first = GTK_WIDGET (self->budget);
    }
  if (*time == '\0' || !read_time (self, order, &time_error))
    {
      set_note (self->time_note, NOTE_ERROR, time_error == NULL ? _ ("When should she come?") : time_error->message);
      first = GTK_WIDGET (self->time);
    }
  if (chosen_service (self) == NULL)
    {
      set_note (self->services_note, NOTE_ERROR, _ ("Which service?"));
      first = gtk_widget_get_first_child (GTK_WIDGET (self->services));
    }
  if (self->caller == NULL && *name == '\0')
    {
      set_note (self->name_note, NOTE_ERROR, _ ("How is the customer called?"));
      first = GTK_WIDGET (self->name);
    }
  if (strlen (digits) != 11)
    {
      set_note (self->phone_note, NOTE_ERROR, _ ("A mobile number has 11 digits."));
      first = GTK_WIDGET (self->phone);
    }
  return first;
}

/* The new order's id, or NULL when the form says what is missing. */
static char *
save (YlIntakePage *self)
{
  g_autoptr (YlRecord) order = draft_order (self);
  g_autofree char *skills = chosen_requirements (self, "skill:", order);
  g_autofree char *languages = chosen_requirements (self, "language:", order);
  const char *sets[] = { "skills", skills, "languages", languages, NULL };
  g_autofree char *digits = digits_of (self->phone);
  g_autofree char *name = text_of (self->name);
  g_autofree char *note = text_of (self->note);
  g_autoptr (GError) error = NULL;
  GtkWidget *wrong = check_form (self, order);

  if (wrong != NULL)
    {
      gtk_widget_grab_focus (wrong);
      return NULL;
    }
  if (*note != '\0')
    yl_record_set_text (order, "note", note);
  const YlDemand demand = { .caller = self->caller,
                            .name = name,
                            .phone = digits,
                            .place = self->place_rest == NULL ? NULL : &self->read_place,
                            .address = self->place_rest,
                            .order = order,
                            .sets = sets };
  if (yl_intake_save (yl_session_get_store (self->session), &demand, &error))
    return g_strdup (yl_record_get_id (order));
  set_note (self->form_error, NOTE_ERROR, error->message);
  return NULL;
}

static void
clear_form (YlIntakePage *self)
{
  GtkEditable *entries[] = { self->phone, self->name, self->time, self->place, self->budget, self->note };

  for (guint i = 0; i < G_N_ELEMENTS (entries); i++)
    gtk_editable_set_text (entries[i], "");
  yl_wrap_box_clear (self->services);
  fill_services (self);
  fill_requirements (self);
  yl_fit_count_show (self->fit_count, NULL);
}

static void
save_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  YlIntakePage *self = YL_INTAKE_PAGE (widget);
  g_autofree char *order = save (self);

  if (order == NULL)
    return;
  clear_form (self);
  if (g_str_equal (action, "intake.match"))
    gtk_widget_activate_action (widget, "win.match", "s", order);
  else
    {
      yl_window_tell (widget, _ ("The demand is noted."));
      gtk_widget_grab_focus (GTK_WIDGET (self->phone));
    }
}

static void
yl_intake_page_set_session (YlPage *page, YlSession *session)
{
  YlIntakePage *self = YL_INTAKE_PAGE (page);

  self->session = session;
  clear_form (self);
}

static void
yl_intake_page_refresh (YlPage *page, gboolean from_elsewhere)
{
  if (gtk_widget_get_mapped (GTK_WIDGET (page)))
    queue_count (YL_INTAKE_PAGE (page));
}

static void
yl_intake_page_focus_content (YlPage *page)
{
  gtk_widget_grab_focus (GTK_WIDGET (YL_INTAKE_PAGE (page)->phone));
}

static void
yl_intake_page_dispose (GObject *object)
{
  YlIntakePage *self = YL_INTAKE_PAGE (object);

  g_clear_handle_id (&self->count_source, g_source_remove);
  g_clear_pointer (&self->caller, yl_caller_free);
  g_clear_pointer (&self->place_rest, g_free);
  yl_place_clear (&self->read_place);
  G_OBJECT_CLASS (yl_intake_page_parent_class)->dispose (object);
}

static void
yl_intake_page_class_init (YlIntakePageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (YL_TYPE_FIT_COUNT);
  G_OBJECT_CLASS (klass)->dispose = yl_intake_page_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/yuelai/Yuelai/orders/yl-intake-page.ui");
  gtk_widget_class_bind_template_child (widget_class, YlIntakePage, phone);
  gtk_widget_class_bind_template_child (widget_class, YlIntakePage, phone_note);
  gtk_widget_class_bind_template_child (widget_class, YlIntakePage, name);
  gtk_widget_class_bind_template_child (widget_class, YlIntakePage, name_note);
  gtk_widget_class_bind_template_child (widget_class, YlIntakePage, services);
  gtk_widget_class_bind_template_child (widget_class, YlIntakePage, services_note);
  gtk_widget_class_bind_template_child (widget_class, YlIntakePage, time);
  gtk_widget_class_bind_template_child (widget_class, YlIntakePage, time_note);
  gtk_widget_class_bind_template_child (widget_class, YlIntakePage, place);
  gtk_widget_class_bind_template_child (widget_class, YlIntakePage, place_note);
  gtk_widget_class_bind_template_child (widget_class, YlIntakePage, requirements);
  gtk_widget_class_bind_template_child (widget_class, YlIntakePage, budget);
  gtk_widget_class_bind_template_child (widget_class, YlIntakePage, budget_note);
  gtk_widget_class_bind_template_child (widget_class, YlIntakePage, note);
  gtk_widget_class_bind_template_child (widget_class, YlIntakePage, form_error);
  gtk_widget_class_bind_template_child (widget_class, YlIntakePage, fit_count);
  gtk_widget_class_bind_template_callback (widget_class, field_changed_cb);
  gtk_widget_class_install_action (widget_class, "intake.save", NULL, save_cb);
  gtk_widget_class_install_action (widget_class, "intake.match", NULL, save_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_s, GDK_CONTROL_MASK, "intake.save", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Return, GDK_CONTROL_MASK, "intake.match", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_KP_Enter, GDK_CONTROL_MASK, "intake.match", NULL);
}

static void
yl_intake_page_page_init (YlPageInterface *iface)
{
  iface->set_session = yl_intake_page_set_session;
  iface->refresh = yl_intake_page_refresh;
  iface->focus_content = yl_intake_page_focus_content;
}

static void
yl_intake_page_init (YlIntakePage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
yl_intake_page_start (YlIntakePage *self)
{
  if (*gtk_editable_get_text (self->phone) == '\0' && *gtk_editable_get_text (self->time) == '\0')
    clear_form (self);
}
