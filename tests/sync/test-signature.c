/* Our SSH signatures against ssh-keygen's: each side verifies the other's. */
#include <sodium.h>
#include <string.h>

#include "log/yl-signature.h"
#include "yl-test-dir.h"

#define TEXT "tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904\n\nbook DCYA0001\n"

static void
make_signature (guint8 *signature, guint8 *key)
{
  guint8 seed[crypto_sign_SEEDBYTES] = { 7 };
  guint8 secret[crypto_sign_SECRETKEYBYTES];
  g_autoptr (GBytes) payload = yl_signature_payload (TEXT, strlen (TEXT));

  g_assert_cmpint (crypto_sign_seed_keypair (key, secret, seed), ==, 0);
  crypto_sign_detached (signature, NULL, g_bytes_get_data (payload, NULL), g_bytes_get_size (payload), secret);
}

static gboolean
is_canonical (const char *armour)
{
  guint8 signature[YL_SIGNATURE_BYTES], key[YL_KEY_BYTES];
  g_autoptr (GError) error = NULL;
  gboolean parsed = yl_signature_parse (armour, signature, key, &error);

  if (!parsed)
    g_assert_error (error, YL_ERROR, YL_ERROR_INVALID);
  return parsed;
}

static void
test_round_trip (void)
{
  guint8 signature[YL_SIGNATURE_BYTES], key[YL_KEY_BYTES];
  guint8 read_signature[YL_SIGNATURE_BYTES], read_key[YL_KEY_BYTES];
  g_autofree char *armour = NULL;
  GError *error = NULL;

  make_signature (signature, key);
  armour = yl_signature_armour (signature, key);
  g_assert_true (yl_signature_parse (armour, read_signature, read_key, &error));
  g_assert_no_error (error);
  g_assert_cmpmem (signature, sizeof signature, read_signature, sizeof read_signature);
  g_assert_cmpmem (key, sizeof key, read_key, sizeof read_key);
  g_assert_true (yl_signature_verify (signature, key, TEXT, strlen (TEXT)));
  g_assert_false (yl_signature_verify (signature, key, TEXT, strlen (TEXT) - 1));
  signature[5] ^= 1;
  g_assert_false (yl_signature_verify (signature, key, TEXT, strlen (TEXT)));
}

static void
test_only_canonical (void)
{
  guint8 signature[YL_SIGNATURE_BYTES], key[YL_KEY_BYTES];
  g_autofree char *armour = NULL;
  g_autofree char *longer = NULL;
  g_autoptr (GString) wrapped = NULL;

  make_signature (signature, key);
  armour = yl_signature_armour (signature, key);
  longer = g_strconcat (armour, "\n", NULL);
  wrapped = g_string_new (armour);
  g_string_insert_c (wrapped, 60, '\n');
  g_assert_true (is_canonical (armour));
  g_assert_false (is_canonical (longer));
  g_assert_false (is_canonical (wrapped->str));
  g_assert_false (is_canonical (""));
  g_assert_false (is_canonical ("-----BEGIN SSH SIGNATURE-----\n-----END SSH SIGNATURE-----\n"));
  for (gsize length = 0, all = strlen (armour); length < all; length++)
    {
      g_autofree char *half = g_strndup (armour, length);

      g_assert_false (is_canonical (half));
    }
}

/* Every changed character either breaks the form or the signature. */
static void
test_flipped_character (void)
{
  guint8 signature[YL_SIGNATURE_BYTES], key[YL_KEY_BYTES], read_key[YL_KEY_BYTES];
  g_autofree char *armour = NULL;

  make_signature (signature, key);
  armour = yl_signature_armour (signature, key);
  for (gsize i = 0, all = strlen (armour); i < all; i++)
    {
      guint8 read[YL_SIGNATURE_BYTES];

      armour[i] ^= 1;
      if (yl_signature_parse (armour, read, read_key, NULL) && memcmp (key, read_key, sizeof key) == 0)
        g_assert_false (yl_signature_verify (read, key, TEXT, strlen (TEXT)));
      armour[i] ^= 1;
    }
}

static void
test_reads_ssh_keygen (void)
{
  g_autoptr (YlTestDir) dir = yl_test_dir_new ();
  g_autofree char *file = yl_test_write (dir, "text", TEXT);
  const char *make_key[] = { "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", "key", NULL };
  const char *sign[] = { "ssh-keygen", "-q", "-Y", "sign", "-n", "git", "-f", "key", "text", NULL };
  g_autofree char *made = yl_test_run (dir, make_key, NULL);
  g_autofree char *signed_text = yl_test_run (dir, sign, NULL);
  g_autofree char *armour = yl_test_read (dir, "text.sig");
  g_autofree char *public_file = yl_test_read (dir, "key.pub");
  g_autofree char *public_key = NULL;
  guint8 signature[YL_SIGNATURE_BYTES], key[YL_KEY_BYTES];
  GError *error = NULL;

  g_assert_true (yl_signature_parse (armour, signature, key, &error));
  g_assert_no_error (error);
  g_assert_true (yl_signature_verify (signature, key, TEXT, strlen (TEXT)));
  public_key = yl_signature_public_key (key);
  g_assert_cmpstr (g_strstrip (public_file), ==, public_key);
}

static void
test_refuses_other_namespace (void)
{
  g_autoptr (YlTestDir) dir = yl_test_dir_new ();
  g_autofree char *file = yl_test_write (dir, "text", TEXT);
  const char *make_key[] = { "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", "key", NULL };
  const char *sign[] = { "ssh-keygen", "-q", "-Y", "sign", "-n", "file", "-f", "key", "text", NULL };
  g_autofree char *made = yl_test_run (dir, make_key, NULL);
  g_autofree char *signed_text = yl_test_run (dir, sign, NULL);
  g_autofree char *armour = yl_test_read (dir, "text.sig");

  g_assert_false (is_canonical (armour));
}

static void
test_ssh_keygen_verifies (void)
{
  g_autoptr (YlTestDir) dir = yl_test_dir_new ();
  const char *verify[] = { "ssh-keygen", "-Y", "verify", "-f", "signers",  "-I",
                           "w@s",        "-n", "git",    "-s", "text.sig", NULL };
  guint8 signature[YL_SIGNATURE_BYTES], key[YL_KEY_BYTES];
  g_autofree char *armour = NULL;
  g_autofree char *public_key = NULL;
  g_autofree char *line = NULL;
  g_autofree char *signature_file = NULL;
  g_autofree char *signers_file = NULL;
  g_autofree char *verified = NULL;

  make_signature (signature, key);
  armour = yl_signature_armour (signature, key);
  public_key = yl_signature_public_key (key);
  line = g_strdup_printf ("w@s namespaces=\"git\" %s CY-A\n", public_key);
  signature_file = yl_test_write (dir, "text.sig", armour);
  signers_file = yl_test_write (dir, "signers", line);
  verified = yl_test_run (dir, verify, TEXT);
  g_assert_nonnull (strstr (verified, "Good \"git\" signature"));
  g_assert_cmpint (yl_test_run_status (dir, verify, TEXT "x"), !=, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (sodium_init (), >=, 0);
  g_test_add_func ("/signature/round-trip", test_round_trip);
  g_test_add_func ("/signature/only-canonical", test_only_canonical);
  g_test_add_func ("/signature/flipped-character", test_flipped_character);
  g_test_add_func ("/signature/reads-ssh-keygen", test_reads_ssh_keygen);
  g_test_add_func ("/signature/refuses-other-namespace", test_refuses_other_namespace);
  g_test_add_func ("/signature/ssh-keygen-verifies", test_ssh_keygen_verifies);
  return g_test_run ();
}
