/* match, book, dropout: who could come, who is promised, and who comes instead. */
#include <string.h>

#include "base/yl-i18n.h"
#include "records/yl-booking.h"
#include "yl-invocation.h"
#include "yl-match-output.h"

#define MAX_SUBSTITUTES 5

gboolean
yl_command_match (YlInvocation *invocation, GError **error)
{
  g_autoptr (YlStore) store = NULL;
  g_autoptr (YlMatcher) matcher = NULL;
  g_autoptr (YlMatchResult) result = NULL;
  g_autoptr (YlOutput) output = yl_output_new ();
  guint limit;

  if (!yl_invocation_limit (invocation, &limit, error))
    return FALSE;
  store = yl_invocation_open (invocation, error);
  matcher = store != NULL ? yl_matcher_new (store, error) : NULL;
  result = matcher != NULL ? yl_matcher_match (matcher, yl_invocation_argument (invocation, 0), limit, error) : NULL;
  if (result == NULL)
    return FALSE;
  if (invocation->json)
    yl_match_output_json (output, NULL, result);
  else
    yl_match_output_lines (output, store, result);
  return yl_output_flush (output, error);
}

/* What the command line of `book` asks for, with ids found. */
typedef struct
{
  char *order;
  char *worker;
  char *overridden;
  YlBookRequest request;
} Promise;

static void
promise_clear (Promise *promise)
{
  g_free (promise->order);
  g_free (promise->worker);
  g_free (promise->overridden);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Promise, promise_clear)

static gboolean
read_interval (YlInvocation *invocation, YlBookRequest *request, GError **error)
{
  const char *start = yl_invocation_argument (invocation, 2);
  const char *end = yl_invocation_argument (invocation, 3);

  if (start == NULL)
    return TRUE;
  if (end == NULL)
    {
      g_set_error_literal (error, YL_ERROR, YL_ERROR_INVALID,
                           _ ("END is missing; give START and END, or neither for every visit"));
      return FALSE;
    }
  if (!yl_instant_parse (start, &request->start, error) || !yl_instant_parse (end, &request->end, error))
    return FALSE;
  if (request->end > request->start)
    return TRUE;
  g_set_error (error, YL_ERROR, YL_ERROR_INVALID, _ ("END %s is not after START %s"), end, start);
  return FALSE;
}

static gboolean
read_promise (YlInvocation *invocation, YlStore *store, Promise *promise, GError **error)
{
  YlBookRequest *request = &promise->request;

  promise->order = yl_store_find_id (store, "order", yl_invocation_argument (invocation, 0), error);
  if (promise->order == NULL)
    return FALSE;
  promise->worker = yl_store_find_id (store, "worker", yl_invocation_argument (invocation, 1), error);
  if (promise->worker == NULL)
    return FALSE;
  request->order = promise->order;
  request->worker = promise->worker;
  return TRUE;
}

static void
refuse_unfit (YlInvocation *invocation, const YlMatchVerdict *verdict, GError **error)
{
  g_autoptr (GString) why = g_string_new (NULL);
  g_autofree char *dates = g_strjoinv (", ", verdict->failing_dates);

  for (guint i = 0; verdict->failed[i] != NULL; i++)
    g_string_append_printf (why, "%s%s (%s)", i > 0 ? ", " : "", yl_match_rule_label (verdict->failed[i]),
                            verdict->failed[i]);
  if (dates[0] != '\0')
    g_string_append_printf (why, _ (" on %s"), dates);
  g_set_error (error, YL_ERROR, YL_ERROR_REFUSED,
               _ ("%s does not fit %s: %s; choose another worker or use --force --reason TEXT"),
               yl_invocation_argument (invocation, 1), yl_invocation_argument (invocation, 0), why->str);
}

/* Asks the rules first; a forced promise carries the codes of those it overrides. */
static gboolean
judge (YlInvocation *invocation, YlStore *store, Promise *promise, GError **error)
{
  YlBookRequest *request = &promise->request;
  g_autoptr (YlMatcher) matcher = yl_matcher_new (store, error);
  g_autoptr (YlMatchVerdict) verdict = NULL;

  if (matcher != NULL)
    verdict = yl_matcher_judge (matcher, request->order, request->worker, request->start, request->end, error);
  if (verdict == NULL)
    return FALSE;
  if (verdict->failed[0] == NULL)
    return TRUE;
  if (!request->force)
    {
      refuse_unfit (invocation, verdict, error);
      return FALSE;
    }
  promise->overridden = g_strjoinv (",", verdict->failed);
  request->overridden = promise->overridden;
  return TRUE;
}

static gboolean
find_stage (YlStore *store, YlBookRequest *request, GError **error)
{
  g_autoptr (YlRecord) order = yl_store_get (store, "order", request->order, error);
  g_autoptr (YlRecord) worker = order != NULL ? yl_store_get (store, "worker", request->worker, error) : NULL;
  gboolean own;

  if (worker == NULL)
    return FALSE;
  own = g_strcmp0 (yl_record_get_text (order, "store"), yl_record_get_text (worker, "home_store")) == 0;
  request->stage = yl_match_stage_code (own ? YL_STAGE_OWN : YL_STAGE_CHAIN);
  return TRUE;
}

static void
print_booking_json (YlOutput *output, const YlRecord *booking)
{
  yl_output_begin_object (output, NULL);
  yl_output_text (output, "id", yl_record_get_id (booking));
  yl_output_text (output, "order", yl_record_get_text (booking, "order"));
  yl_output_text (output, "worker", yl_record_get_text (booking, "worker"));
  yl_output_instant (output, "start", yl_record_get_integer (booking, "start", 0));
  yl_output_instant (output, "end", yl_record_get_integer (booking, "end", 0));
  yl_output_text (output, "state", yl_record_get_text (booking, "state"));
  yl_output_end_object (output);
}

/* The last word is the id. */
static void
print_booking (YlOutput *output, YlStore *store, const YlRecord *booking)
{
  g_autofree char *worker = yl_store_number (store, "worker", yl_record_get_text (booking, "worker"));
  g_autofree char *order = yl_store_number (store, "order", yl_record_get_text (booking, "order"));
  g_autofree char *start = yl_instant_format (yl_record_get_integer (booking, "start", 0));

  yl_output_line (output, "promised %s for %s at %s, %s: %s", worker, order, start,
                  yl_record_get_text (booking, "state"), yl_record_get_id (booking));
}

static gboolean
report_promise (YlInvocation *invocation, YlStore *store, GStrv claims, GError **error)
{
  g_autoptr (YlOutput) output = yl_output_new ();

  if (invocation->json)
    {
      yl_output_begin_object (output, NULL);
      yl_output_text (output, "id", claims[0]);
      yl_output_begin_array (output, "bookings");
    }
  for (guint i = 0; claims[i] != NULL; i++)
    {
      g_autoptr (YlRecord) booking = yl_store_get (store, "booking", claims[i], error);

      if (booking == NULL)
        return FALSE;
      if (invocation->json)
        print_booking_json (output, booking);
      else
        print_booking (output, store, booking);
    }
  if (invocation->json)
    {
      yl_output_end_array (output);
      yl_output_end_object (output);
    }
  return yl_output_flush (output, error);
}

gboolean
yl_command_book (YlInvocation *invocation, GError **error)
{
  g_auto (Promise) promise = { NULL, NULL, NULL, { 0 } };
  YlBookRequest *request = &promise.request;
  g_autoptr (YlStore) store = NULL;
  g_auto (GStrv) claims = NULL;

  request->force = yl_invocation_has (invocation, "force");
  request->reason = yl_invocation_option (invocation, "reason");
  if (request->force && (request->reason == NULL || request->reason[0] == '\0'))
    {
      g_set_error_literal (error, YL_ERROR, YL_ERROR_INVALID,
                           _ ("--force needs --reason TEXT: why the rules do not count here"));
      return FALSE;
    }
  if (!read_interval (invocation, request, error))
    return FALSE;
  store = yl_invocation_open (invocation, error);
  if (store == NULL || !read_promise (invocation, store, &promise, error) || !judge (invocation, store, &promise, error)
      || !find_stage (store, request, error))
    return FALSE;
  claims = yl_booking_promise (store, request, error);
  return claims != NULL && report_promise (invocation, store, claims, error);
}

/* The order of a promise: both as ids. */
static char *
order_of_claim (YlStore *store, const char *claim, GError **error)
{
  g_autoptr (YlRecord) record = yl_store_get (store, "claim", claim, error);

  return record != NULL ? g_strdup (yl_record_get_text (record, "order")) : NULL;
}

static gboolean
report_dropout (YlInvocation *invocation, YlStore *store, const YlMatchResult *substitutes, GError **error)
{
  g_autoptr (YlOutput) output = yl_output_new ();
  g_autoptr (YlRecord) state = yl_store_get (store, "order_state", substitutes->order, error);
  g_autofree char *number = yl_store_number (store, "order", substitutes->order);

  if (state == NULL)
    return FALSE;
  if (!invocation->json)
    {
      yl_output_line (output, _ ("%s is back: %s (%s); substitutes:"), number, yl_record_get_text (state, "state"),
                      yl_record_get_text (state, "cause"));
      yl_match_output_lines (output, store, substitutes);
      return yl_output_flush (output, error);
    }
  yl_output_begin_object (output, NULL);
  yl_output_text (output, "booking", yl_invocation_argument (invocation, 0));
  yl_output_text (output, "order", substitutes->order);
  yl_output_text (output, "state", yl_record_get_text (state, "state"));
  yl_output_text (output, "cause", yl_record_get_text (state, "cause"));
  yl_match_output_json (output, "substitutes", substitutes);
  yl_output_end_object (output);
  return yl_output_flush (output, error);
}

gboolean
yl_command_dropout (YlInvocation *invocation, GError **error)
{
  const char *claim = yl_invocation_argument (invocation, 0);
  const char *reason = yl_invocation_option (invocation, "reason");
  g_autoptr (YlStore) store = yl_invocation_open (invocation, error);
  g_autofree char *order = store != NULL ? order_of_claim (store, claim, error) : NULL;
  g_autoptr (YlMatcher) matcher = NULL;
  g_autoptr (YlMatchResult) substitutes = NULL;

  if (order == NULL || !yl_booking_dropout (store, claim, NULL, reason, error))
    return FALSE;
  matcher = yl_matcher_new (store, error);
  substitutes = matcher != NULL ? yl_matcher_substitute (matcher, order, MAX_SUBSTITUTES, error) : NULL;
  return substitutes != NULL && report_dropout (invocation, store, substitutes, error);
}
