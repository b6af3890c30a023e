#include "yl-trouble.h"

#include "base/yl-i18n.h"
#include "log/yl-log-door.h"
#include "yl-store-private.h"

/* What each kind is called, says of a PC (its label comes first, then the detail), and whether a person has to act. */
static const struct
{
  const char *name;
  const char *words;
  gboolean waits;
} kinds[YL_N_TROUBLES] = {
  [YL_TROUBLE_FORK] = { "fork",
                        N_ ("PC %1$s has written two histories that end in %2$s: its store file was copied. Both are kept. Open each copy "
                            "once with the latest program: it goes on with a new pen, and this ends"),
                        TRUE },
  [YL_TROUBLE_RESTORED] = { "restored",
                            N_ ("The store file of PC %1$s was put back from a backup. It goes on with a new pen; what it had sent "
                                "before comes back from head office") },
  [YL_TROUBLE_CLONED] = { "cloned",
                          N_ ("The store file of PC %1$s was opened on another computer or by another user. This copy goes on with a "
                              "new pen; enrol a further PC with a code of its own") },
  [YL_TROUBLE_REVOKED] = { "revoked",
                           N_ ("Head office has shut out PC %1$s. What it writes stays here and waits for head office to look "
                               "at it"),
                           TRUE },
  [YL_TROUBLE_REVIEW] = { "review",
                          N_ ("Work that was done at PC %1$s after PC or person was shut out waits in the review tray (change sets: "
                              "%2$s). Look at it with `yuelaictl review list`"),
                          TRUE },
  [YL_TROUBLE_REWIND] = { "rewind",
                          N_ ("Head office's hub (%1$s) lacked what it had given receipts for (%2$s): an old copy was put back. This "
                              "PC has sent it again") },
  [YL_TROUBLE_WITHHELD] = { "withheld",
                            N_ ("%1$s holds back what others have seen (%2$s). Ask head office to look at the computer of %1$s"),
                            TRUE },
  [YL_TROUBLE_FORGED] = { "forged",
                          N_ ("What came from %1$s is not what was signed (%2$s); nothing of it was taken in. Ask head office to look "
                              "at the computer of %1$s"),
                          TRUE },
  [YL_TROUBLE_HISTORY] = { "history",
                           N_ ("The history that %1$s tells of the time before this PC joined does not fit what the company signed "
                               "(%2$s). The records here are those that were signed. Ask head office to look at the hub"),
                           TRUE },
  [YL_TROUBLE_IMPOSTOR] = { "impostor",
                            N_ ("Who answers at %1$s cannot show that it is head office's hub. Nothing was sent. Check the network and the "
                                "address, and ask head office"),
                            TRUE },
  [YL_TROUBLE_OVERSTEP] = { "overstep",
                            N_ ("PC %1$s wrote what it has no right to (%2$s). It counts nowhere. Ask who works there; if the program "
                                "was tampered with, shut the PC out"),
                            TRUE },
  [YL_TROUBLE_CLOCK] = { "clock",
                         N_ ("The clock of PC %1$s is %2$s minutes ahead of head office's (with a minus: behind). Nothing is lost by "
                             "it, but the times people read are wrong: set the clock"),
                         TRUE },
};

void
yl_trouble_free (YlTrouble *trouble)
{
  g_free (trouble->subject);
  g_free (trouble->detail);
  g_free (trouble);
}

const char *
yl_trouble_name (YlTroubleKind kind)
{
  return kinds[kind].name;
}

gboolean
yl_trouble_waits (const YlTrouble *trouble)
{
  return !trouble->over && kinds[trouble->kind].waits;
}

/* The template has its arguments by position, so that translations may turn them round; not all use both. */
char *
yl_trouble_describe (YlStore *store, const YlTrouble *trouble)
{
  g_autofree char *label = yl_log_writer_label (store, trouble->subject);
  g_autofree char *detail = yl_log_label_writers (store, trouble->detail);
  g_autoptr (GString) text = g_string_new (_ (kinds[trouble->kind].words));

  g_string_replace (text, "%1$s", label, 0);
  g_string_replace (text, "%2$s", detail, 0);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

gboolean
yl_trouble_raise (YlStore *store, YlTroubleKind kind, const char *subject, const char *detail, GError **error)
{
  YlTrouble trouble = { .kind = kind, .subject = (char *) subject, .detail = (char *) detail };
  g_autofree char *text = NULL;
  gint64 known;

  if (!yl_database_integer (store->database, &known, 0, error,
                            "SELECT 1 FROM trouble WHERE kind = ? AND subject = ? AND over = 0", "tt", kinds[kind].name,
                            subject))
    return FALSE;
  if (known != 0)
    return yl_database_run (store->database, error, "UPDATE trouble SET detail = ? WHERE kind = ? AND subject = ?",
                            "ttt", detail, kinds[kind].name, subject);
  text = yl_trouble_describe (store, &trouble);
  return yl_database_run (store->database, error,
                          "INSERT OR REPLACE INTO trouble (kind, subject, at, detail) VALUES (?, ?, ?, ?)", "ttit",
                          kinds[kind].name, subject, yl_store_now (store), detail)
         && yl_store_note_sync (store, kinds[kind].name, text, error);
}

gboolean
yl_trouble_end (YlStore *store, YlTroubleKind kind, const char *subject, GError **error)
{
  return yl_database_run (store->database, error, "UPDATE trouble SET over = 1 WHERE kind = ? AND subject = ?", "tt",
                          kinds[kind].name, subject);
}

static YlTrouble *
read_trouble (YlRows *rows)
{
  const char *name = yl_rows_text (rows, 0);

  for (guint kind = 0; kind < YL_N_TROUBLES; kind++)
    if (g_str_equal (kinds[kind].name, name))
      {
        YlTrouble *trouble = g_new0 (YlTrouble, 1);

        trouble->kind = (YlTroubleKind) kind;
        trouble->subject = g_strdup (yl_rows_text (rows, 1));
        trouble->detail = g_strdup (yl_rows_text (rows, 2));
        trouble->at = yl_rows_integer (rows, 3);
        return trouble;
      }
  return NULL;
}

YlTrouble *
yl_trouble_find (YlStore *store, YlTroubleKind kind, const char *subject)
{
  g_autoptr (YlRows) rows =
      yl_database_query (store->database, NULL,
                         "SELECT kind, subject, detail, at FROM trouble WHERE kind = ? AND subject = ? AND over = 0",
                         "tt", kinds[kind].name, subject);

  return rows != NULL && yl_rows_next (rows, NULL) ? read_trouble (rows) : NULL;
}

GPtrArray *
yl_store_troubles (YlStore *store, GError **error)
{
  g_autoptr (YlRows) rows = yl_database_query (
      store->database, error, "SELECT kind, subject, detail, at FROM trouble WHERE over = 0 ORDER BY at, kind, subject",
      NULL);
  g_autoptr (GPtrArray) troubles = g_ptr_array_new_with_free_func ((GDestroyNotify) yl_trouble_free);

  if (rows == NULL)
    return NULL;
  while (yl_rows_next (rows, error))
    {
      YlTrouble *trouble = read_trouble (rows);

      if (trouble != NULL)
        g_ptr_array_add (troubles, trouble);
    }
  return yl_rows_ended (rows) ? g_steal_pointer (&troubles) : NULL;
}
