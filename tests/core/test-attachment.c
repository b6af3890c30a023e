/* Attachments: added, read again, removed; by one opening of the file and seen by another. */
#include "base/yl-error.h"
#include "records/yl-attachment.h"
#include "yl-test-company.h"

static char *
add_worker (YlStore *store)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (YlChange) change = yl_change_begin (store, "add worker", &error);
  g_autoptr (YlRecord) worker = yl_record_new (yl_table_find ("worker"), NULL);

  g_assert_no_error (error);
  yl_record_set_text (worker, "name", "王秀英");
  g_assert_true (yl_change_insert (change, worker, &error));
  g_assert_true (yl_change_commit (change, &error));
  g_assert_no_error (error);
  return g_strdup (yl_record_get_id (worker));
}

static char *
attach (YlStore *store, const char *worker, const char *content)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = g_bytes_new (content, strlen (content));
  char *id = yl_attachment_add (store, "worker", worker, NULL, "paper.pdf", bytes, &error);

  g_assert_no_error (error);
  return id;
}

static void
assert_count (YlStore *store, const char *worker, guint count)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) list = yl_attachment_list (store, "worker", worker, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (list->len, ==, count);
}

static void
test_remove (void)
{
  g_autoptr (YlTestCompany) company = yl_test_company_new (2);
  g_autoptr (GError) error = NULL;
  YlStore *store = company->stores[1];
  g_autoptr (YlStore) other = yl_store_open (yl_store_get_file (store), &error);
  g_autofree char *worker = add_worker (store);
  g_autofree char *kept = attach (store, worker, "%PDF-1.4 kept");
  g_autofree char *gone = attach (store, worker, "%PDF-1.4 gone");
  g_autoptr (GBytes) content = NULL;

  g_assert_no_error (error);
  g_assert_true (yl_attachment_remove (store, gone, &error));
  g_assert_no_error (error);
  assert_count (store, worker, 1);
  g_assert_true (yl_store_refresh (other, &error));
  assert_count (other, worker, 1);
  content = yl_attachment_read (other, kept, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (content, NULL), g_bytes_get_size (content), "%PDF-1.4 kept", 13);
  g_assert_false (yl_attachment_remove (store, gone, &error));
  g_assert_error (error, YL_ERROR, YL_ERROR_NOT_FOUND);
}

static void
assert_media (const char *bytes, gsize length, const char *media)
{
  g_assert_cmpstr (yl_attachment_media (bytes, length), ==, media);
}

static void
test_media (void)
{
  assert_media ("%PDF-1.4", 8, "application/pdf");
  assert_media ("\xff\xd8\xff\xe0", 4, "image/jpeg");
  assert_media ("\x89PNG\r\n\x1a\n.", 9, "image/png");
  assert_media ("%PDF-", 5, NULL);
  assert_media ("<svg/>", 6, NULL);
  assert_media ("", 0, NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/attachment/remove", test_remove);
  g_test_add_func ("/attachment/media", test_media);
  return g_test_run ();
}
