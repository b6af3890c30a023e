#include "match/yl-candidate-row.h"

#include "base/yl-clock.h"
#include "base/yl-i18n.h"
#include "desk/yl-agenda.h"
#include "records/yl-worker.h"
#include "widgets/yl-chip.h"
#include "widgets/yl-day-strip.h"
#include "widgets/yl-score-bar.h"
#include "yl-format.h"

/* Her day is shown from two hours before to two hours after what is wanted, at least this long. */
#define AROUND_MS (3 * 60 * YL_MINUTE_MS)

struct _YlCandidateRow
{
  GtkListBoxRow parent_instance;

  char *worker;
  YlMatchStage stage;

  /* Template children */
  GtkLabel *rank;
  GtkLabel *name;
  GtkLabel *code;
  GtkBox *score_box;
  YlWrapBox *reasons;
  YlDayStrip *day;
  GtkWidget *promise;
};

G_DEFINE_FINAL_TYPE (YlCandidateRow, yl_candidate_row, GTK_TYPE_LIST_BOX_ROW)

static void
promise_clicked_cb (GtkButton *button, YlCandidateRow *self)
{
  g_signal_emit_by_name (self, "activate");
}

static void
show_who (YlCandidateRow *self, YlSession *session, const YlCandidate *candidate)
{
  g_autoptr (YlRecord) worker = yl_store_get (yl_session_get_store (session), "worker", candidate->worker, NULL);
  const char *full_name = worker == NULL ? NULL : yl_record_get_text (worker, "name");
  gboolean is_own = yl_session_is_own_site (session, candidate->home_store);
  g_autofree char *name = is_own && full_name != NULL ? g_strdup (full_name) : yl_worker_masked_name (full_name);
  g_autofree char *rating = worker == NULL ? g_strdup ("")
                                           : yl_format_rating (yl_record_get_integer (worker, "rating", 0),
                                                               yl_record_get_integer (worker, "rating_count", 0));
  g_autofree char *wage = worker == NULL ? NULL
                                         : yl_format_wage (yl_record_get_integer (worker, "expected_wage", 0), 0,
                                                           yl_record_get_text (worker, "wage_unit"));
  g_autoptr (GPtrArray) parts = g_ptr_array_new ();
  const char *all[] = { is_own ? "" : yl_session_site_name (session, candidate->home_store), candidate->worker_no,
                        rating, wage == NULL ? "" : wage };

  for (guint i = 0; i < G_N_ELEMENTS (all); i++)
    if (all[i] != NULL && *all[i] != '\0')
      g_ptr_array_add (parts, (gpointer) all[i]);
  g_ptr_array_add (parts, NULL);
  g_autofree char *code = g_strjoinv (" · ", (char **) parts->pdata);
  gtk_label_set_label (self->name, name);
  gtk_label_set_label (self->code, code);
}

static void
show_reasons (YlCandidateRow *self, const YlCandidate *candidate)
{
  for (guint i = 0; i < candidate->reasons->len; i++)
    {
      const YlMatchReason *reason = &g_array_index (candidate->reasons, YlMatchReason, i);
      g_autofree char *words = yl_match_reason_text (reason);
      g_autofree char *text = g_strdup_printf ("%s%s",
                                               reason->sign == '-'   ? "−"
                                               : reason->sign == '+' ? "+"
                                                                     : "?",
                                               words);
      yl_wrap_box_append (self->reasons, yl_chip_new (text, reason->sign == '+'   ? "for"
                                                            : reason->sign == '-' ? "against"
                                                                                  : "unknown"));
    }
}

static void
show_day (YlCandidateRow *self, YlSession *session, gint64 start, gint64 end)
{
  gint64 hour = 60 * YL_MINUTE_MS;
  gint64 from = (start - AROUND_MS) / hour * hour;
  gint64 until = (end + AROUND_MS + hour - 1) / hour * hour;
  g_autoptr (GPtrArray) spans = NULL;

  if (start == 0 || end - start > YL_DAY_MS)
    return;
  spans = yl_agenda_of (yl_session_get_store (session), self->worker, from, until, NULL);
  yl_day_strip_set_day (self->day, spans, from, until);
  yl_day_strip_set_wanted (self->day, start, end);
  gtk_widget_set_visible (GTK_WIDGET (self->day), TRUE);
}

static void
yl_candidate_row_finalize (GObject *object)
{
  g_free (YL_CANDIDATE_ROW (object)->worker);
  G_OBJECT_CLASS (yl_candidate_row_parent_class)->finalize (object);
}

static void
yl_candidate_row_class_init (YlCandidateRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (YL_TYPE_WRAP_BOX);
  g_type_ensure (YL_TYPE_DAY_STRIP);
  G_OBJECT_CLASS (klass)->finalize = yl_candidate_row_finalize;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/yuelai/Yuelai/match/yl-candidate-row.ui");
  gtk_widget_class_bind_template_child (widget_class, YlCandidateRow, rank);
  gtk_widget_class_bind_template_child (widget_class, YlCandidateRow, name);
  gtk_widget_class_bind_template_child (widget_class, YlCandidateRow, code);
  gtk_widget_class_bind_template_child (widget_class, YlCandidateRow, score_box);
  gtk_widget_class_bind_template_child (widget_class, YlCandidateRow, reasons);
  gtk_widget_class_bind_template_child (widget_class, YlCandidateRow, day);
  gtk_widget_class_bind_template_child (widget_class, YlCandidateRow, promise);
  gtk_widget_class_bind_template_callback (widget_class, promise_clicked_cb);
}

static void
yl_candidate_row_init (YlCandidateRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
yl_candidate_row_new (YlSession *session, const YlCandidate *candidate, guint rank, gint64 start, gint64 end)
{
  YlCandidateRow *self = g_object_new (YL_TYPE_CANDIDATE_ROW, NULL);
  g_autofree char *number = g_strdup_printf ("%u", rank);

  self->worker = g_strdup (candidate->worker);
  self->stage = candidate->stage;
  gtk_label_set_label (self->rank, number);
  gtk_box_append (self->score_box, yl_score_bar_new (candidate->score, candidate->parts));
  show_who (self, session, candidate);
  show_reasons (self, candidate);
  show_day (self, session, start, end);
  g_autofree char *label = g_strdup_printf ("%u %s %s", rank, gtk_label_get_label (self->name),
                                            candidate->worker_no == NULL ? "" : candidate->worker_no);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  return GTK_WIDGET (self);
}

const char *
yl_candidate_row_get_worker (YlCandidateRow *self)
{
  return self->worker;
}

const char *
yl_candidate_row_get_name (YlCandidateRow *self)
{
  return gtk_label_get_label (self->name);
}

YlMatchStage
yl_candidate_row_get_stage (YlCandidateRow *self)
{
  return self->stage;
}
