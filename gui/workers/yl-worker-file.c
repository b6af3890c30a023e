#include "workers/yl-worker-file.h"

#include "attachments/yl-attachment-part.h"
#include "base/yl-clock.h"
#include "base/yl-i18n.h"
#include "desk/yl-agenda.h"
#include "history/yl-access-part.h"
#include "history/yl-history-part.h"
#include "history/yl-same-person-part.h"
#include "records/yl-codes.h"
#include "records/yl-tables.h"
#include "widgets/yl-chip.h"
#include "widgets/yl-facts.h"
#include "widgets/yl-secret.h"
#include "widgets/yl-week-grid.h"
#include "yl-format.h"

struct _YlWorkerFile
{
  AdwBin parent_instance;

  YlSession *session; /* borrowed */
  char *worker;
  int weeks_ahead;

  /* Template children */
  GtkStack *stack;
  GtkLabel *name;
  GtkLabel *state;
  GtkLabel *code;
  YlWrapBox *skills;
  YlFacts *facts;
  GtkLabel *week_title;
  YlWeekGrid *week;
  AdwAvatar *photo;
  YlAttachmentPart *attachments;
  YlSamePersonPart *same_person;
  YlAccessPart *access;
  YlHistoryPart *history;
};

G_DEFINE_FINAL_TYPE (YlWorkerFile, yl_worker_file, ADW_TYPE_BIN)

static void
append_set (YlWorkerFile *self, const char *set, const char *codes)
{
  g_autofree char *list =
      yl_store_get_set (yl_session_get_store (self->session), yl_table_set (&yl_worker_table, set), self->worker, NULL);

  yl_chip_append_codes (self->skills, codes, list);
}

static char *
set_words (YlWorkerFile *self, const char *set, const char *codes)
{
  g_autofree char *list =
      yl_store_get_set (yl_session_get_store (self->session), yl_table_set (&yl_worker_table, set), self->worker, NULL);
  g_auto (GStrv) elements = g_strsplit (list == NULL ? "" : list, ",", -1);
  g_autoptr (GString) words = g_string_new (NULL);

  for (guint i = 0; elements[i] != NULL && *elements[i] != '\0'; i++)
    g_string_append_printf (words, "%s%s", i > 0 ? yl_label ("、", ", ") : "", yl_code_label (codes, elements[i]));
  return g_string_free (g_steal_pointer (&words), FALSE);
}

/* A paper and until when it holds. */
static void
add_paper (YlWorkerFile *self, const YlRecord *worker, const char *name, const char *expires)
{
  const char *date = yl_record_get_text (worker, expires);
  gint64 day;

  if (date == NULL || !yl_date_parse (date, &day, NULL))
    return;
  g_autofree char *text = day < yl_date_of (yl_session_now (self->session)) ? g_strdup_printf (_ ("expired %s"), date)
                                                                            : g_strdup_printf (_ ("until %s"), date);
  yl_facts_add (self->facts, name, text);
}

/* A number of one's own worker is unknown, not withheld. */
static void
add_phone (YlWorkerFile *self, const YlRecord *worker)
{
  const char *phone = yl_record_get_text (worker, "phone");

  if (phone != NULL || !yl_session_is_own_site (self->session, yl_record_get_text (worker, "home_store")))
    yl_facts_add_widget (self->facts, _ ("Phone"), yl_secret_new_phone (phone));
}

static void
show_facts (YlWorkerFile *self, const YlRecord *worker)
{
  g_autofree char *wage =
      yl_format_wage (yl_record_get_integer (worker, "expected_wage", 0), 0, yl_record_get_text (worker, "wage_unit"));
  g_autofree char *rating =
      yl_format_rating (yl_record_get_integer (worker, "rating", 0), yl_record_get_integer (worker, "rating_count", 0));
  g_autofree char *areas = set_words (self, "service_area", "district");
  gint64 years = yl_record_get_integer (worker, "experience_years", 0);
  g_autofree char *experience =
      years == 0 ? NULL : g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%d year", "%d years", years), (int) years);

  yl_facts_clear (self->facts);
  add_phone (self, worker);
  yl_facts_add (self->facts, _ ("Reviews"), rating);
  yl_facts_add (self->facts, _ ("Wage"), wage);
  yl_facts_add (self->facts, _ ("Experience"), experience);
  yl_facts_add (self->facts, _ ("Comes to"), areas);
  add_paper (self, worker, _ ("Health certificate"), "health_expires");
  add_paper (self, worker, _ ("Insurance"), "insurance_to");
  yl_facts_add (self->facts, _ ("Introduction"), yl_record_get_text (worker, "intro"));
}

static void
show_week (YlWorkerFile *self)
{
  gint64 now = yl_session_now (self->session);
  gint64 today = yl_date_of (now);
  gint64 monday = today - yl_date_weekday (today) + 7 * self->weeks_ahead;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) spans = yl_agenda_of (yl_session_get_store (self->session), self->worker,
                                              yl_date_start (monday), yl_date_start (monday + 7), &error);
  g_autofree char *first = yl_date_format (monday);
  g_autofree char *title = self->weeks_ahead == 0   ? g_strdup (_ ("This week"))
                           : self->weeks_ahead == 1 ? g_strdup (_ ("Next week"))
                                                    : g_strdup_printf (_ ("Week of %s"), first);

  if (spans == NULL)
    {
      g_warning ("%s", error->message);
      return;
    }
  gtk_label_set_label (self->week_title, title);
  yl_week_grid_set_week (self->week, spans, monday, now);
}

static void
week_before_cb (GtkButton *button, YlWorkerFile *self)
{
  self->weeks_ahead--;
  show_week (self);
}

static void
week_after_cb (GtkButton *button, YlWorkerFile *self)
{
  self->weeks_ahead++;
  show_week (self);
}

static void
show_head (YlWorkerFile *self, const YlRecord *worker)
{
  const char *home = yl_record_get_text (worker, "home_store");
  const char *full_name = yl_record_get_text (worker, "name");
  const char *accepts = yl_record_get_text (worker, "accept_state");
  gboolean is_own = yl_session_is_own_site (self->session, home);
  g_autofree char *name = yl_format_person (full_name, is_own, yl_record_is_erased (worker));
  g_autofree char *code = g_strjoin (" · ", yl_record_get_text (worker, "worker_no"),
                                     home == NULL ? NULL : yl_session_site_name (self->session, home), NULL);
  const char *state = yl_code_label ("accept_state", accepts == NULL ? "accepting" : accepts);
  gboolean is_accepting = accepts == NULL || g_str_equal (accepts, "accepting");
  const char *classes[] = { "state", is_accepting ? "firm" : "done", NULL };

  gtk_label_set_label (self->name, name);
  gtk_label_set_label (self->code, code);
  gtk_label_set_label (self->state, state);
  gtk_widget_set_css_classes (GTK_WIDGET (self->state), classes);
}

static void
photo_changed_cb (YlAttachmentPart *attachments, GParamSpec *property, YlWorkerFile *self)
{
  GdkPaintable *photo = yl_attachment_part_get_photo (attachments);

  adw_avatar_set_custom_image (self->photo, photo);
  gtk_widget_set_visible (GTK_WIDGET (self->photo), photo != NULL);
}

static void
yl_worker_file_finalize (GObject *object)
{
  g_free (YL_WORKER_FILE (object)->worker);
  G_OBJECT_CLASS (yl_worker_file_parent_class)->finalize (object);
}

static void
yl_worker_file_class_init (YlWorkerFileClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (YL_TYPE_FACTS);
  g_type_ensure (YL_TYPE_WRAP_BOX);
  g_type_ensure (YL_TYPE_WEEK_GRID);
  g_type_ensure (YL_TYPE_ATTACHMENT_PART);
  g_type_ensure (YL_TYPE_SAME_PERSON_PART);
  g_type_ensure (YL_TYPE_ACCESS_PART);
  g_type_ensure (YL_TYPE_HISTORY_PART);
  G_OBJECT_CLASS (klass)->finalize = yl_worker_file_finalize;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/yuelai/Yuelai/workers/yl-worker-file.ui");
  gtk_widget_class_bind_template_child (widget_class, YlWorkerFile, stack);
  gtk_widget_class_bind_template_child (widget_class, YlWorkerFile, name);
  gtk_widget_class_bind_template_child (widget_class, YlWorkerFile, state);
  gtk_widget_class_bind_template_child (widget_class, YlWorkerFile, code);
  gtk_widget_class_bind_template_child (widget_class, YlWorkerFile, skills);
  gtk_widget_class_bind_template_child (widget_class, YlWorkerFile, facts);
  gtk_widget_class_bind_template_child (widget_class, YlWorkerFile, week_title);
  gtk_widget_class_bind_template_child (widget_class, YlWorkerFile, week);
  gtk_widget_class_bind_template_child (widget_class, YlWorkerFile, photo);
  gtk_widget_class_bind_template_child (widget_class, YlWorkerFile, attachments);
  gtk_widget_class_bind_template_child (widget_class, YlWorkerFile, same_person);
  gtk_widget_class_bind_template_child (widget_class, YlWorkerFile, access);
  gtk_widget_class_bind_template_child (widget_class, YlWorkerFile, history);
  gtk_widget_class_bind_template_callback (widget_class, photo_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, week_before_cb);
  gtk_widget_class_bind_template_callback (widget_class, week_after_cb);
}

static void
yl_worker_file_init (YlWorkerFile *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
yl_worker_file_set_session (YlWorkerFile *self, YlSession *session)
{
  self->session = session;
  g_clear_pointer (&self->worker, g_free);
  gtk_stack_set_visible_child_name (self->stack, "none");
}

static int
weeks_until (YlWorkerFile *self, gint64 instant)
{
  gint64 today = yl_date_of (yl_session_now (self->session));
  gint64 day = instant == 0 ? today : yl_date_of (instant);

  return (day - yl_date_weekday (day) - (today - yl_date_weekday (today))) / 7;
}

void
yl_worker_file_show (YlWorkerFile *self, const char *worker, gint64 around)
{
  if (g_strcmp0 (self->worker, worker) != 0)
    {
      g_free (self->worker);
      self->worker = g_strdup (worker);
      self->weeks_ahead = weeks_until (self, around);
    }
  yl_worker_file_refresh (self);
}

void
yl_worker_file_refresh (YlWorkerFile *self)
{
  g_autoptr (YlRecord) worker = NULL;

  if (self->worker == NULL)
    return;
  worker = yl_store_get (yl_session_get_store (self->session), "worker", self->worker, NULL);
  if (worker == NULL)
    {
      gtk_stack_set_visible_child_name (self->stack, "none");
      return;
    }
  /* Merged meanwhile, she is shown as another record. */
  g_free (self->worker);
  self->worker = g_strdup (yl_record_get_id (worker));
  show_head (self, worker);
  yl_wrap_box_clear (self->skills);
  append_set (self, "job_types", "job_type");
  append_set (self, "skills", "skill");
  append_set (self, "languages", "language");
  show_facts (self, worker);
  show_week (self);
  yl_attachment_part_show (self->attachments, self->session, "worker", self->worker, _ ("Photo and papers"));
  yl_same_person_part_show (self->same_person, self->session, "worker", self->worker);
  yl_access_part_show (self->access, self->session, self->worker);
  yl_history_part_show (self->history, self->session, "worker", self->worker);
  gtk_stack_set_visible_child_name (self->stack, "worker");
}
