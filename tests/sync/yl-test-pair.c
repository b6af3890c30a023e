#include "yl-test-pair.h"

#include <glib/gstdio.h>
#include <string.h>

#include "change/yl-change.h"
#include "trust/yl-company.h"
#include "merge/yl-state-hash.h"

static void
found_head (YlTestPair *pair)
{
  YlFounding founding = { .name = "悦来", .code = "HQ", .hub_url = "http://127.0.0.1:1" };
  g_autofree char *file = g_build_filename (pair->dir, "head.db", NULL);
  GError *error = NULL;

  pair->head = yl_store_found (file, &founding, &error);
  g_assert_no_error (error);
}

static void
enrol_branch (YlTestPair *pair)
{
  static const guint8 seed[YL_KEY_BYTES] = { 42 };
  YlNewSite site = { .code = "CY", .name = "朝阳店", .lat = 39921000, .lon = 116443000 };
  guint8 sign_key[YL_KEY_BYTES], box_key[YL_KEY_BYTES], authority_key[YL_KEY_BYTES];
  char writer[YL_WRITER_CHARS + 1];
  YlNewNode node = { .name = "PC 1", .sign_key = sign_key, .box_key = box_key };
  YlMembership membership = { .hub_url = "http://127.0.0.1:1", .seed = seed, .authority_key = authority_key };
  g_autofree char *file = g_build_filename (pair->dir, "branch.db", NULL);
  g_autofree char *site_id = NULL;
  g_autofree char *node_id = NULL;
  GError *error = NULL;

  yl_node_keys (seed, sign_key, box_key, writer);
  site_id = yl_company_add_site (pair->head, &site, &error);
  g_assert_no_error (error);
  node.site = site_id;
  node_id = yl_company_enrol_node (pair->head, &node, &error);
  g_assert_no_error (error);
  yl_log_public_key (pair->head, yl_log_authority (pair->head), authority_key, &error);
  g_assert_no_error (error);
  membership.node = node_id;
  membership.scope = yl_store_get_scope (pair->head);
  pair->branch = yl_store_create_member (file, &membership, &error);
  g_assert_no_error (error);
}

YlTestPair *
yl_test_pair_new (void)
{
  YlTestPair *pair = g_new0 (YlTestPair, 1);

  pair->dir = yl_test_dir_new ();
  found_head (pair);
  enrol_branch (pair);
  g_assert_cmpuint (yl_test_deliver (pair->head, pair->branch), >, 0);
  return pair;
}

void
yl_test_pair_free (YlTestPair *pair)
{
  g_clear_object (&pair->head);
  g_clear_object (&pair->branch);
  yl_test_dir_free (pair->dir);
  g_free (pair);
}

void
yl_test_write_entries (YlStore *store, guint n)
{
  GError *error = NULL;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (YlChange) change = yl_change_begin (store, "add household", &error);
      g_autoptr (YlRecord) household = yl_record_new (yl_table_find ("household"), NULL);

      g_assert_no_error (error);
      yl_record_set_text (household, "community", "望京西园四区");
      yl_record_set_integer (household, "home_area", 60 + i % 100);
      yl_change_insert (change, household, &error);
      g_assert_no_error (error);
      yl_change_commit (change, &error);
      g_assert_no_error (error);
    }
}

GPtrArray *
yl_test_log (YlStore *store)
{
  GPtrArray *log = g_ptr_array_new_with_free_func ((GDestroyNotify) yl_incoming_free);
  GError *error = NULL;
  g_autoptr (GPtrArray) rows = yl_log_since (store, 0, G_MAXINT, &error);

  g_assert_no_error (error);
  for (guint i = 0; i < rows->len; i++)
    {
      const YlEntryRow *row = g_ptr_array_index (rows, i);

      if (!row->logged)
        continue;
      g_ptr_array_add (log, yl_merge_log_read (store, row->n, &error));
      g_assert_no_error (error);
    }
  return log;
}

YlIncoming *
yl_test_incoming_copy (const YlIncoming *incoming)
{
  YlIncoming *copy = g_memdup2 (incoming, sizeof *incoming);

  copy->entry = yl_entry_parse (incoming->entry->message, NULL);
  return copy;
}

guint
yl_test_deliver (YlStore *from, YlStore *to)
{
  g_autoptr (GPtrArray) log = NULL;
  GError *error = NULL;
  guint n_new = 0;

  yl_merge_log_append (from, &error);
  g_assert_no_error (error);
  log = yl_test_log (from);
  yl_merge_log_accept (to, log, &n_new, &error);
  g_assert_no_error (error);
  return n_new;
}

char *
yl_test_refs (YlStore *store)
{
  GString *lines = g_string_new (NULL);
  GError *error = NULL;
  g_auto (GStrv) names = yl_log_list_refs (store, &error);

  g_assert_no_error (error);
  for (guint i = 0; names[i] != NULL; i++)
    {
      guint8 oid[YL_OID_BYTES];

      g_assert_true (yl_log_get_ref (store, names[i], oid));
      g_string_append_printf (lines, "%s ", names[i]);
      for (guint byte = 0; byte < sizeof oid; byte++)
        g_string_append_printf (lines, "%02x", oid[byte]);
      g_string_append_c (lines, '\n');
    }
  return g_string_free (lines, FALSE);
}

static gboolean
count_object (const guint8 *oid, int type, gpointer data)
{
  (*(guint *) data)++;
  return TRUE;
}

char *
yl_test_fingerprint (YlStore *store)
{
  g_autofree char *refs = yl_test_refs (store);
  g_autofree char *hash = NULL;
  g_autoptr (GArray) frontier = NULL;
  GError *error = NULL;
  GString *print;
  guint objects = 0;

  hash = yl_state_hash (store, &error);
  g_assert_no_error (error);
  frontier = yl_log_frontier (store, &error);
  g_assert_no_error (error);
  yl_log_foreach_object (store, count_object, &objects, &error);
  g_assert_no_error (error);
  print = g_string_new (NULL);
  g_string_append_printf (print, "%s\n%u objects\n%s", hash, objects, refs);
  for (guint i = 0; i < frontier->len; i++)
    {
      const YlEntryName *name = &g_array_index (frontier, YlEntryName, i);

      g_string_append_printf (print, "%s:%" G_GINT64_FORMAT "\n", name->writer, name->seq);
    }
  return g_string_free (print, FALSE);
}

void
yl_test_hostile_home (const char *dir)
{
  g_autofree char *xdg = g_build_filename (dir, "git", NULL);

  g_free (yl_test_write (dir, ".gitconfig", "[[[ not a configuration\n"));
  g_assert_cmpint (g_mkdir (xdg, 0700), ==, 0);
  g_free (yl_test_write (xdg, "config", "[[[ not a configuration\n"));
  g_setenv ("HOME", dir, TRUE);
  g_setenv ("XDG_CONFIG_HOME", dir, TRUE);
  g_setenv ("GIT_CONFIG_GLOBAL", "/dev/null", TRUE);
  g_setenv ("GIT_CONFIG_NOSYSTEM", "1", TRUE);
}
