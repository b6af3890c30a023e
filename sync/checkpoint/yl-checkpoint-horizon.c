#include "checkpoint/yl-checkpoint-horizon.h"

#include <sodium.h>
#include <string.h>

#include "base/yl-i18n.h"
#include "checkpoint/yl-checkpoint-base.h"
#include "checkpoint/yl-checkpoint-start.h"
#include "exchange/yl-hex.h"
#include "exchange/yl-session.h"
#include "log/yl-behind.h"
#include "log/yl-prune.h"
#include "store/yl-backup.h"
#include "store/yl-base.h"

#define SETTING_HORIZON "horizon"
#define STATEMENT_MAX 4096
#define TITLE "yuelai horizon 1"

/* At head office */

static gboolean
refuse (GError **error, const char *why)
{
  g_set_error_literal (error, YL_ERROR, YL_ERROR_REFUSED, why);
  return FALSE;
}

static gint64
last_number (GStrv refs)
{
  gint64 last = 0;

  for (guint i = 0; refs[i] != NULL; i++)
    last = MAX (last, g_ascii_strtoll (refs[i] + strlen (YL_REF_CHECKPOINTS), NULL, 10));
  return last;
}

static gboolean
check_backup (YlStore *store, const YlBackupFacts *facts, GError **error)
{
  if (!g_str_equal (facts->scope, yl_store_get_scope (store)))
    return refuse (error, _ ("this backup is of another company"));
  return last_number (facts->checkpoints) > 0
         || refuse (error, _ ("this backup holds no checkpoint: make one with `checkpoint make`, then another backup"));
}

gint64
yl_horizon_number (YlStore *store)
{
  g_autofree char *number = yl_store_get_setting (store, SETTING_HORIZON);

  return number != NULL ? g_ascii_strtoll (number, NULL, 10) : 0;
}

gint64
yl_horizon_verified (YlStore *store, const char *file, GError **error)
{
  g_auto (YlBackupFacts) facts = { NULL };
  g_autofree char *number = NULL;
  gint64 horizon;

  if (!yl_store_is_head_office (store) && !refuse (error, _ ("only head office says which backup is verified")))
    return 0;
  if (!yl_backup_read (file, &facts, error) || !check_backup (store, &facts, error))
    return 0;
  horizon = MAX (last_number (facts.checkpoints), yl_horizon_number (store));
  number = g_strdup_printf ("%" G_GINT64_FORMAT, horizon);
  return yl_store_set_setting (store, SETTING_HORIZON, number, error) ? horizon : 0;
}

static char *
statement_text (const char *scope, const char *by, gint64 number)
{
  return g_strdup_printf (TITLE "\nscope %s\nby %s\ncheckpoint %" G_GINT64_FORMAT "\n", scope, by, number);
}

GBytes *
yl_horizon_statement (YlStore *store, GError **error)
{
  gint64 number = yl_horizon_number (store);
  const char *by = yl_store_get_writer (store);
  g_autofree char *text = NULL;
  g_autofree char *hex = NULL;
  g_autofree char *whole = NULL;
  guint8 signature[YL_SIGNATURE_BYTES];

  if (number == 0)
    {
      g_set_error_literal (error, YL_ERROR, YL_ERROR_NOT_FOUND,
                           _ ("head office has verified no backup yet: nothing may be dropped"));
      return NULL;
    }
  text = statement_text (yl_store_get_scope (store), by, number);
  if (!yl_log_sign (store, by, text, strlen (text), signature, error))
    return NULL;
  hex = yl_hex_write (signature, sizeof signature);
  whole = g_strconcat (text, "signature ", hex, "\n", NULL);
  return g_bytes_new (whole, strlen (whole));
}

/* At a store */

gint64
yl_horizon_read (YlStore *store, GBytes *statement, GError **error)
{
  gsize length;
  const char *bytes = g_bytes_get_data (statement, &length);
  g_autofree char *text = g_strndup (length > 0 ? bytes : "", length);
  g_auto (GStrv) lines = g_strsplit (text, "\n", 7);
  guint8 signature[YL_SIGNATURE_BYTES], key[YL_KEY_BYTES];
  g_autofree char *said = NULL;
  gint64 number;

  if (g_strv_length (lines) == 6 && g_str_has_prefix (lines[2], "by ") && g_str_has_prefix (lines[3], "checkpoint ")
      && g_str_has_prefix (lines[4], "signature ")
      && yl_hex_read (lines[4] + strlen ("signature "), signature, sizeof signature))
    {
      number = g_ascii_strtoll (lines[3] + strlen ("checkpoint "), NULL, 10);
      said = statement_text (yl_store_get_scope (store), lines[2] + strlen ("by "), number);
      if (number > 0 && g_str_has_prefix (text, said) && yl_log_writer_key (store, lines[2] + strlen ("by "), key, NULL)
          && yl_writer_is_head_office (store, lines[2] + strlen ("by "))
          && crypto_sign_verify_detached (signature, (const guint8 *) said, strlen (said), key) == 0)
        return number;
    }
  g_set_error_literal (error, YL_ERROR, YL_ERROR_INVALID, _ ("what came as head office's horizon is not signed by it"));
  return 0;
}

static YlCheckpoint *
find_kept (YlStore *store, gint64 number, GError **error)
{
  g_autoptr (GPtrArray) all = yl_checkpoint_list (store, error);

  for (guint i = 0; all != NULL && i < all->len; i++)
    if (((YlCheckpoint *) all->pdata[i])->number == number)
      return g_ptr_array_steal_index (all, i);
  return NULL;
}

static gboolean
prune_to (YlStore *store, const YlCheckpoint *checkpoint, guint *n, GError **error)
{
  g_autoptr (YlLogTransaction) transaction = yl_log_begin (store, error);

  return transaction != NULL && yl_prune_to (store, checkpoint->frontier, n, error)
         && yl_checkpoint_set_base (store, checkpoint, error) && yl_behind_want (store, FALSE, error)
         && yl_behind_reach (store, 0, error) && yl_log_commit (transaction, error) && yl_prune_shrink (store, error);
}

/* The number of the checkpoint on which this copy stands; 0: none. */
static gboolean
base_number (YlStore *store, gint64 *number, GError **error)
{
  gboolean exists;
  g_autoptr (YlCheckpoint) base = NULL;

  *number = 0;
  if (!yl_base_exists (store, &exists, error))
    return FALSE;
  base = exists ? yl_checkpoint_base (store, error) : NULL;
  if (base != NULL)
    *number = base->number;
  return base != NULL || !exists;
}

static YlCheckpoint *
get_checkpoint (YlStore *store, YlPeer *peer, gint64 number, GError **error)
{
  g_autoptr (GError) fault = NULL;
  YlCheckpoint *checkpoint = find_kept (store, number, &fault);

  if (checkpoint == NULL && fault == NULL)
    return yl_checkpoint_fetch (store, peer, number, error);
  if (fault != NULL)
    g_propagate_error (error, g_steal_pointer (&fault));
  return checkpoint;
}

gboolean
yl_checkpoint_prune (YlStore *store, YlPeer *peer, guint *n, GError **error)
{
  g_autoptr (GBytes) statement = yl_peer_call (peer, "horizon", NULL, YL_MEDIA_CHECKPOINT, STATEMENT_MAX, error);
  gint64 number = statement != NULL ? yl_horizon_read (store, statement, error) : 0;
  g_autoptr (YlCheckpoint) checkpoint = NULL;
  gint64 base;

  *n = 0;
  if (number == 0 || !base_number (store, &base, error))
    return FALSE;
  /* It began with a later one: what is here of that is not behind the horizon yet. */
  if (base > number)
    return TRUE;
  checkpoint = get_checkpoint (store, peer, number, error);
  return checkpoint != NULL && prune_to (store, checkpoint, n, error);
}

gboolean
yl_checkpoint_tend (YlStore *store, YlPeer *peer, GError **error)
{
  g_autoptr (GError) fault = NULL;
  g_autofree char *text = NULL;
  gboolean due;
  guint n = 0;

  if (!yl_prune_is_due (store, &due, error))
    return FALSE;
  if (!due)
    return TRUE;
  if (!yl_checkpoint_prune (store, peer, &n, &fault))
    {
      /* No horizon yet, or something of this PC waits: another time. */
      if (g_error_matches (fault, YL_ERROR, YL_ERROR_NOT_FOUND) || g_error_matches (fault, YL_ERROR, YL_ERROR_REFUSED))
        return TRUE;
      g_propagate_error (error, g_steal_pointer (&fault));
      return FALSE;
    }
  text = g_strdup_printf (_ ("%u old change sets dropped; head office has them"), n);
  return n == 0 || yl_store_note_sync (store, "pruned", text, error);
}
