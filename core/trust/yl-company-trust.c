#include "yl-company-trust.h"

#include <string.h>

#include "base/yl-i18n.h"
#include "change/yl-change.h"
#include "log/yl-log-door.h"
#include "seal/yl-rotate.h"
#include "yl-pen.h"
#include "yl-revocation.h"
#include "log/yl-strand.h"

void
yl_node_info_free (YlNodeInfo *info)
{
  g_free (info->id);
  g_free (info->label);
  g_free (info->name);
  g_free (info->identity);
  g_free (info);
}

/* The strands of a PC's pens, or of all PCs of a site (@by: `node` or `site`). */
#define STRANDS_OF(by)                                                                         \
  "SELECT strand.w, strand.seq FROM strand JOIN node ON strand.writer = node.writer"           \
  " OR strand.writer IN (SELECT writer FROM pen_fact WHERE pen_fact.node = node.id) WHERE " by \
  " = ? AND strand.seq > 0"

static gboolean
count_written (YlStore *store, YlNodeInfo *info, GError **error)
{
  g_autoptr (YlRows) rows = yl_database_query (store->database, error, STRANDS_OF ("node.id"), "t", info->id);

  if (rows == NULL)
    return FALSE;
  while (yl_rows_next (rows, error))
    {
      gint64 hlc;

      info->written += yl_rows_integer (rows, 1);
      if (!yl_database_integer (store->database, &hlc, 0, error, "SELECT hlc FROM entry WHERE w = ? AND seq = ?", "ii",
                                yl_rows_integer (rows, 0), yl_rows_integer (rows, 1)))
        return FALSE;
      info->last_hlc = MAX (info->last_hlc, hlc);
    }
  return yl_rows_ended (rows);
}

static YlNodeInfo *
read_node (YlStore *store, YlRows *rows, GError **error)
{
  g_autoptr (YlNodeInfo) info = g_new0 (YlNodeInfo, 1);
  gint64 n_pens;

  info->id = g_strdup (yl_rows_text (rows, 0));
  info->label = g_strdup (yl_rows_text (rows, 1));
  info->name = g_strdup (yl_rows_text (rows, 2));
  info->identity = g_strdup (yl_rows_text (rows, 3));
  info->revoked = !yl_rows_is_null (rows, 4);
  info->lost = yl_rows_integer (rows, 5) != 0;
  if (!yl_database_integer (store->database, &n_pens, 0, error, "SELECT count(*) FROM pen_fact WHERE node = ?", "t",
                            info->id)
      || !count_written (store, info, error))
    return NULL;
  info->n_pens = (guint) n_pens;
  return g_steal_pointer (&info);
}

GPtrArray *
yl_company_nodes (YlStore *store, GError **error)
{
  g_autoptr (YlRows) rows =
      yl_database_query (store->database, error,
                         "SELECT node.id, site.code || '-' || node.letter AS label, node.name, node.writer,"
                         " max(revocation.id), max(revocation.lost) FROM node JOIN site ON site.id = node.site"
                         " LEFT JOIN revocation ON revocation.node = node.id GROUP BY node.id ORDER BY label",
                         NULL);
  g_autoptr (GPtrArray) nodes = g_ptr_array_new_with_free_func ((GDestroyNotify) yl_node_info_free);

  if (rows == NULL)
    return NULL;
  while (yl_rows_next (rows, error))
    {
      YlNodeInfo *info = read_node (store, rows, error);

      if (info == NULL)
        return NULL;
      g_ptr_array_add (nodes, info);
    }
  return yl_rows_ended (rows) ? g_steal_pointer (&nodes) : NULL;
}

char *
yl_company_find_node (YlStore *store, const char *name, GError **error)
{
  char *id = yl_database_text (store->database, error,
                               "SELECT node.id FROM node JOIN site ON site.id = node.site"
                               " WHERE ?1 IN (site.code || '-' || node.letter, node.id, node.writer)"
                               " OR node.id IN (SELECT node FROM pen_fact WHERE writer = ?1) ORDER BY node.id LIMIT 1",
                               "t", name);

  if (id == NULL && (error == NULL || *error == NULL))
    g_set_error (error, YL_ERROR, YL_ERROR_NOT_FOUND, _ ("there is no PC %s: see `node list`"), name);
  return id;
}

/* The names of the last entries here of the strands that @rows lists, for the column `accepted`. */
static char *
heads_of (YlStore *store, YlRows *rows, GError **error)
{
  g_autoptr (GString) names = g_string_new (NULL);

  if (rows == NULL)
    return NULL;
  while (yl_rows_next (rows, error))
    {
      g_autofree char *name =
          yl_database_text (store->database, error,
                            "SELECT strand.writer || ':' || entry.seq || ':' || lower (hex (substr (entry.id, 1, 8)))"
                            " FROM strand JOIN entry USING (w) WHERE w = ? AND entry.seq = ?",
                            "ii", yl_rows_integer (rows, 0), yl_rows_integer (rows, 1));

      if (name == NULL)
        return NULL;
      g_string_append_printf (names, "%s%s", names->len > 0 ? " " : "", name);
    }
  return yl_rows_ended (rows) ? g_string_free (g_steal_pointer (&names), FALSE) : NULL;
}

/* @from instead of the heads: it must be an entry of that PC. */
static char *
accept_from (YlStore *store, const char *node, const char *from, GError **error)
{
  YlEntryName name;
  g_autoptr (YlEntryRow) row = yl_entry_name_read (from, &name) ? yl_log_find_name (store, &name, NULL) : NULL;
  g_autofree char *of = row != NULL ? yl_pen_node (store, row->writer, row->strand) : NULL;

  if (g_strcmp0 (of, node) == 0)
    return g_strdup (from);
  g_set_error (error, YL_ERROR, YL_ERROR_INVALID, _ ("“%s” is no entry of that PC: see `log`"), from);
  return NULL;
}

static gboolean
insert_revocation (YlChange *change,
                   const char *column,
                   const char *id,
                   const char *accepted,
                   gboolean lost,
                   GError **error)
{
  g_autoptr (YlRecord) record = yl_record_new (yl_table_find ("revocation"), NULL);

  yl_record_set_text (record, column, id);
  if (*accepted != '\0')
    yl_record_set_text (record, "accepted", accepted);
  yl_record_set_integer (record, "lost", lost ? 1 : 0);
  return yl_change_insert (change, record, error);
}

static gboolean
check_revocable (YlStore *store, const char *node, const char *label, GError **error)
{
  g_autofree char *known = yl_revocation_of (store, node);

  if (g_str_equal (node, store->node))
    g_set_error (error, YL_ERROR, YL_ERROR_REFUSED, _ ("%s is this PC: shut it out from another one of head office"),
                 label);
  else if (known != NULL)
    g_set_error (error, YL_ERROR, YL_ERROR_REFUSED, _ ("%s is shut out already"), label);
  else
    return TRUE;
  return FALSE;
}

/* Persons whose keys are in other hands with the PC. */
static GPtrArray *
reach_of (YlStore *store, const char *node, GError **error)
{
  g_autoptr (YlRecord) record = yl_store_get (store, "node", node, error);

  return record != NULL ? yl_rotate_reach (store, yl_record_get_text (record, "writer"), error) : NULL;
}

static gboolean
follow_keys (YlStore *store, const char *label, GPtrArray *persons, GError **error)
{
  guint n;

  if (yl_rotate_keys (store, persons, "lost", &n, error))
    return TRUE;
  g_prefix_error (error, _ ("%s is shut out, but new keys could not be made (run `rotate-keys --node %s`): "), label,
                  label);
  return FALSE;
}

gboolean
yl_company_revoke (YlStore *store, const char *node_name, const char *from, gboolean lost, GError **error)
{
  g_autofree char *node = yl_company_find_node (store, node_name, error);
  g_autofree char *label = node != NULL ? yl_log_writer_label (store, node) : NULL;
  g_autoptr (GPtrArray) reach = NULL;
  g_autoptr (YlChange) change = NULL;
  g_autofree char *accepted = NULL;

  if (node == NULL || !check_revocable (store, node, label, error))
    return FALSE;
  /* Once it is shut out it may have nothing any more. */
  if (lost && (reach = reach_of (store, node, error)) == NULL)
    return FALSE;
  change = yl_change_begin_as_authority (store, "shut out PC", error);
  if (change == NULL)
    return FALSE;
  if (from != NULL)
    accepted = accept_from (store, node, from, error);
  else
    {
      g_autoptr (YlRows) rows = yl_database_query (store->database, error, STRANDS_OF ("node.id"), "t", node);

      accepted = heads_of (store, rows, error);
    }
  yl_change_name (change, label);
  return accepted != NULL && insert_revocation (change, "node", node, accepted, lost, error)
         && yl_change_commit (change, error) && (!lost || follow_keys (store, label, reach, error));
}

gboolean
yl_company_disable_staff (YlStore *store, const char *code, GError **error)
{
  g_autoptr (YlRecord) staff = yl_store_get (store, "staff", code, error);
  g_autoptr (YlChange) change = NULL;
  g_autoptr (YlRows) rows = NULL;
  g_autofree char *accepted = NULL;

  if (staff == NULL)
    return FALSE;
  if (yl_record_get_integer (staff, "active", 0) == 0)
    {
      g_set_error (error, YL_ERROR, YL_ERROR_REFUSED, _ ("%s is shut out already"), code);
      return FALSE;
    }
  change = yl_change_begin_as_authority (store, "shut out staff", error);
  if (change == NULL)
    return FALSE;
  rows = yl_database_query (store->database, error, STRANDS_OF ("node.site"), "t", yl_record_get_text (staff, "site"));
  accepted = heads_of (store, rows, error);
  yl_record_set_integer (staff, "active", 0);
  yl_change_name (change, yl_record_get_text (staff, "code"));
  return accepted != NULL && yl_change_update (change, staff, error)
         && insert_revocation (change, "staff", yl_record_get_id (staff), accepted, FALSE, error)
         && yl_change_commit (change, error);
}
