/* Enrolment codes and what a new PC and the hub say to each other. */
#include <sodium.h>
#include <string.h>

#include "exchange/yl-enrol.h"
#include "exchange/yl-enrol-code.h"
#include "exchange/yl-hex.h"
#include "exchange/yl-join.h"
#include "trust/yl-company.h"
#include "yl-test-chain.h"
#include "yl-test-relay.h"

#define SCOPE "0123456789abcdef0123456789abcdef"

static char *
new_code (const char *url, gboolean with_fingerprint)
{
  YlEnrolCode code = { .hub_url = (char *) url, .scope = SCOPE, .has_fingerprint = with_fingerprint };

  memset (code.secret, 0xa5, sizeof code.secret);
  memset (code.fingerprint, 0x5a, sizeof code.fingerprint);
  return yl_enrol_code_format (&code);
}

static void
assert_no_code (const char *text)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (yl_enrol_code_parse (text, &error));
  g_assert_error (error, YL_ERROR, YL_ERROR_INVALID);
}

static void
test_code_round_trip (void)
{
  const char *const urls[] = { "http://127.0.0.1:8470", "https://hub.example.cn", "http://[::1]:80/yuelai" };

  for (guint i = 0; i < 2 * G_N_ELEMENTS (urls); i++)
    {
      g_autofree char *text = new_code (urls[i / 2], i % 2);
      g_autoptr (YlEnrolCode) code = yl_enrol_code_parse (text, NULL);

      g_assert_true (g_str_has_prefix (text, "YL1-"));
      g_assert_null (strpbrk (text, " \t\n"));
      g_assert_nonnull (code);
      g_assert_cmpstr (code->hub_url, ==, urls[i / 2]);
      g_assert_cmpstr (code->scope, ==, SCOPE);
      g_assert_cmpuint (code->secret[15], ==, 0xa5);
      g_assert_cmpint (code->has_fingerprint, ==, i % 2);
      g_assert_cmpuint (code->fingerprint[31], ==, i % 2 ? 0x5a : 0);
    }
}

static void
test_code_as_typed (void)
{
  g_autofree char *text = new_code ("http://127.0.0.1:8470", FALSE);
  g_autofree char *small = g_ascii_strdown (text, -1);
  g_autofree char *spaced = g_strdup_printf ("  %s\n", small);
  g_autoptr (YlEnrolCode) code = yl_enrol_code_parse (spaced, NULL);

  g_assert_nonnull (code);
  g_assert_cmpstr (code->hub_url, ==, "http://127.0.0.1:8470");
}

/* Every single wrong, missing or doubled character is found. */
static void
test_code_typos (void)
{
  g_autofree char *text = new_code ("http://127.0.0.1:8470", TRUE);

  for (gsize at = strlen ("YL1-"); at < strlen (text); at++)
    {
      g_autofree char *wrong = g_strdup (text);
      g_autofree char *missing = g_strdup_printf ("%.*s%s", (int) at, text, text + at + 1);
      g_autofree char *doubled = g_strdup_printf ("%.*s%c%s", (int) at, text, text[at], text + at);

      wrong[at] = wrong[at] == 'A' ? 'B' : 'A';
      assert_no_code (wrong);
      assert_no_code (missing);
      assert_no_code (doubled);
    }
}

static void
test_no_codes (void)
{
  g_autofree char *ftp = new_code ("ftp://example.cn", FALSE);
  g_autofree char *no_host = new_code ("http://", FALSE);
  g_autofree char *words = new_code ("not a url", FALSE);
  g_autofree char *empty = new_code ("", FALSE);
  g_autofree char *endless = g_strnfill (100000, 'A');
  const char *const none[] = { "",      "YL1-", "YL1-AAAA", "YL2-AAAA", "YL1-0189", "悦来",
                               endless, ftp,    no_host,    words,      empty };

  for (guint i = 0; i < G_N_ELEMENTS (none); i++)
    assert_no_code (none[i]);
}

/** Company: the keys of a head office, and a challenge it signed. */
typedef struct
{
  YlJoinChallenge challenge;
  guint8 authority_secret[crypto_sign_SECRETKEYBYTES];
  guint8 box_secret[crypto_box_SECRETKEYBYTES];
  guint8 signature[YL_SIGNATURE_BYTES];
} Company;

static void
company_init (Company *company, guint8 which)
{
  guint8 seed[crypto_sign_SEEDBYTES] = { which };
  guint8 digest[32];
  g_autofree char *scope = NULL;
  g_autofree char *text = NULL;

  crypto_sign_seed_keypair (company->challenge.authority_key, company->authority_secret, seed);
  crypto_box_seed_keypair (company->challenge.hub_box_key, company->box_secret, seed);
  memset (company->challenge.hub_key, which, YL_KEY_BYTES);
  memset (company->challenge.hub_nonce, 11, YL_NONCE_BYTES);
  memset (company->challenge.node_nonce, 22, YL_NONCE_BYTES);
  crypto_generichash (digest, sizeof digest, company->challenge.authority_key, YL_KEY_BYTES, NULL, 0);
  scope = yl_hex_write (digest, YL_SCOPE_CHARS / 2);
  g_strlcpy (company->challenge.scope, scope, sizeof company->challenge.scope);
  text = yl_join_challenge_transcript (&company->challenge);
  crypto_sign_detached (company->signature, NULL, (const guint8 *) text, strlen (text), company->authority_secret);
}

static void
test_challenge (void)
{
  Company company, other;
  YlJoinChallenge changed;
  guint8 signature[YL_SIGNATURE_BYTES];
  g_autofree char *text = NULL;

  company_init (&company, 1);
  company_init (&other, 2);
  g_assert_true (yl_join_challenge_verify (&company.challenge, company.signature));
  /* Another key behind the same scope, another box key, another nonce. */
  changed = other.challenge;
  memcpy (changed.scope, company.challenge.scope, sizeof changed.scope);
  text = yl_join_challenge_transcript (&changed);
  crypto_sign_detached (signature, NULL, (const guint8 *) text, strlen (text), other.authority_secret);
  g_assert_false (yl_join_challenge_verify (&changed, signature));
  changed = company.challenge;
  memcpy (changed.hub_box_key, other.challenge.hub_box_key, YL_KEY_BYTES);
  g_assert_false (yl_join_challenge_verify (&changed, company.signature));
  changed = company.challenge;
  changed.node_nonce[0]++;
  g_assert_false (yl_join_challenge_verify (&changed, company.signature));
}

static GBytes *
open_bid (const Company *company, GBytes *sealed)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (sealed, &length);
  guint8 *plain = g_malloc (length);

  g_assert_cmpint (crypto_box_seal_open (plain, data, length, company->challenge.hub_box_key, company->box_secret), ==,
                   0);
  return g_bytes_new_take (plain, length - crypto_box_SEALBYTES);
}

static void
test_bid (void)
{
  Company company;
  guint8 secret[YL_SECRET_BYTES] = { 42 };
  guint8 seed[YL_KEY_BYTES] = { 7 };
  guint8 signature[YL_SIGNATURE_BYTES];
  g_autoptr (GBytes) sealed = NULL;
  g_autoptr (GBytes) plain = NULL;
  g_autoptr (YlJoinBid) bid = NULL;

  company_init (&company, 1);
  sealed = yl_join_bid_seal (&company.challenge, secret, seed, "前台");
  plain = open_bid (&company, sealed);
  bid = yl_join_bid_parse (plain, signature, NULL);
  g_assert_nonnull (bid);
  g_assert_cmpmem (bid->secret, YL_SECRET_BYTES, secret, YL_SECRET_BYTES);
  g_assert_cmpstr (bid->pc_name, ==, "前台");
  g_assert_true (yl_join_bid_verify (bid, &company.challenge, signature));
  company.challenge.hub_nonce[3]++;
  g_assert_false (yl_join_bid_verify (bid, &company.challenge, signature));
  company.challenge.hub_nonce[3]--;
  bid->box_key[0]++;
  g_assert_false (yl_join_bid_verify (bid, &company.challenge, signature));
}

/* The secret never travels in clear. */
static void
test_bid_is_sealed (void)
{
  Company company;
  guint8 secret[YL_SECRET_BYTES];
  guint8 seed[YL_KEY_BYTES] = { 7 };
  g_autoptr (GBytes) sealed = NULL;
  g_autofree char *hex = NULL;
  gsize length;
  const void *data;

  company_init (&company, 1);
  memset (secret, 0x42, sizeof secret);
  hex = yl_hex_write (secret, sizeof secret);
  sealed = yl_join_bid_seal (&company.challenge, secret, seed, "front desk");
  data = g_bytes_get_data (sealed, &length);
  g_assert_null (memmem (data, length, secret, sizeof secret));
  g_assert_null (memmem (data, length, hex, strlen (hex)));
}

static void
test_answer (void)
{
  Company company;
  guint8 secret[YL_SECRET_BYTES] = { 42 };
  guint8 right[YL_JOIN_PROOF_BYTES], wrong[YL_JOIN_PROOF_BYTES];

  company_init (&company, 1);
  yl_join_answer_proof (&company.challenge, secret, "node", right);
  yl_join_answer_proof (&company.challenge, secret, "", wrong);
  g_assert_cmpint (memcmp (right, wrong, sizeof right), !=, 0);
  secret[0]++;
  yl_join_answer_proof (&company.challenge, secret, "node", wrong);
  g_assert_cmpint (memcmp (right, wrong, sizeof right), !=, 0);
}

static void
test_digits (void)
{
  Company company, other;
  guint8 secret[YL_SECRET_BYTES] = { 42 };
  guint8 sign_key[YL_KEY_BYTES] = { 1 };
  guint8 box_key[YL_KEY_BYTES] = { 2 };
  g_autofree char *digits = NULL;
  g_autofree char *again = NULL;
  g_autofree char *others = NULL;

  company_init (&company, 1);
  company_init (&other, 2);
  digits = yl_join_digits (&company.challenge, secret, sign_key, box_key);
  /* A new challenge of the same hub shows the same digits, another hub others. */
  company.challenge.hub_nonce[0]++;
  again = yl_join_digits (&company.challenge, secret, sign_key, box_key);
  others = yl_join_digits (&other.challenge, secret, sign_key, box_key);
  g_assert_cmpuint (strlen (digits), ==, 6);
  g_assert_cmpuint (strspn (digits, "0123456789"), ==, 6);
  g_assert_cmpstr (digits, ==, again);
  g_assert_cmpstr (digits, !=, others);
}

static char *
invite (YlTestChain *chain, gboolean approved)
{
  g_autoptr (GError) error = NULL;
  char *code = yl_enrol_invite (yl_test_chain_head_office (chain), "S1", approved, &error);

  g_assert_no_error (error);
  return code;
}

/* Joining as @name fails that way and leaves nothing behind. */
static void
assert_not_joined (YlTestChain *chain, const char *name, const char *code, int fault)
{
  g_autofree char *file = yl_test_chain_file (chain, name);
  const char *const suffixes[] = { "", "-wal", "-shm", "-journal" };
  g_autoptr (GError) error = NULL;

  g_assert_null (yl_enrol_join (file, code, NULL, NULL, &error));
  g_assert_error (error, YL_ERROR, fault);
  for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++)
    {
      g_autofree char *left = g_strconcat (file, suffixes[i], NULL);

      g_assert_false (g_file_test (left, G_FILE_TEST_EXISTS));
    }
}

static void
test_join_refused (void)
{
  g_autoptr (YlTestChain) chain = yl_test_chain_new ("http", 1);
  g_autofree char *code = invite (chain, TRUE);
  g_autofree char *typo = g_strdup (code);
  g_autoptr (YlEnrolCode) parsed = yl_enrol_code_parse (code, NULL);
  g_autofree char *unknown = NULL;
  g_autofree char *file = yl_test_chain_file (chain, "one");
  g_autoptr (YlStore) store = NULL;
  g_autoptr (GError) error = NULL;

  typo[20] = typo[20] == 'A' ? 'B' : 'A';
  assert_not_joined (chain, "two", typo, YL_ERROR_INVALID);
  assert_not_joined (chain, "no such folder/two", code, YL_ERROR_INVALID);
  store = yl_enrol_join (file, code, NULL, NULL, &error);
  g_assert_no_error (error);
  /* Used up; and a file that exists stays as it is. */
  assert_not_joined (chain, "two", code, YL_ERROR_REFUSED);
  g_assert_null (yl_enrol_join (file, code, NULL, NULL, &error));
  g_assert_error (error, YL_ERROR, YL_ERROR_REFUSED);
  yl_test_sync (store);
  parsed->secret[0]++;
  unknown = yl_enrol_code_format (parsed);
  assert_not_joined (chain, "two", unknown, YL_ERROR_REFUSED);
  yl_test_chain_stop (chain);
  assert_not_joined (chain, "two", unknown, YL_ERROR_OFFLINE);
}

/* The code leads to a hub that is not the one that made it. */
static void
test_join_impostor (void)
{
  g_autoptr (YlTestChain) chain = yl_test_chain_new ("http", 1);
  g_autoptr (YlTestChain) impostor = yl_test_chain_new ("http", 1);
  g_autoptr (YlTestRelay) relay = yl_test_relay_new (yl_test_chain_url (chain));
  g_autofree char *code = invite (chain, TRUE);
  g_autoptr (YlEnrolCode) parsed = yl_enrol_code_parse (code, NULL);
  g_autofree char *elsewhere = NULL;
  g_autofree char *spoiled = NULL;

  g_free (parsed->hub_url);
  parsed->hub_url = g_strdup (yl_test_chain_url (impostor));
  elsewhere = yl_enrol_code_format (parsed);
  assert_not_joined (chain, "one", elsewhere, YL_ERROR_REFUSED);
  g_free (parsed->hub_url);
  parsed->hub_url = g_strdup (yl_test_relay_get_url (relay));
  spoiled = yl_enrol_code_format (parsed);
  yl_test_relay_spoil (relay, "join/challenge", YL_RELAY_OTHER_JSON, 0);
  assert_not_joined (chain, "one", spoiled, YL_ERROR_INVALID);
  yl_test_relay_spoil (relay, "join/challenge", YL_RELAY_HTML, 0);
  assert_not_joined (chain, "one", spoiled, YL_ERROR_INVALID);
  yl_test_relay_spoil (relay, "join/challenge", YL_RELAY_FORGE, 0);
  assert_not_joined (chain, "one", spoiled, YL_ERROR_INVALID);
  yl_test_relay_spoil (relay, "join", YL_RELAY_FORGE, 0);
  assert_not_joined (chain, "one", spoiled, YL_ERROR_INVALID);
  yl_test_relay_spoil (relay, "join", YL_RELAY_OTHER_JSON, 0);
  assert_not_joined (chain, "one", spoiled, YL_ERROR_INVALID);
}

/* The link breaks in the first exchange after the enrolment. */
static void
test_join_cut (void)
{
  g_autoptr (YlTestChain) chain = yl_test_chain_new ("http", 1);
  g_autoptr (YlTestRelay) relay = yl_test_relay_new (yl_test_chain_url (chain));
  g_autofree char *code = invite (chain, TRUE);
  g_autoptr (YlEnrolCode) parsed = yl_enrol_code_parse (code, NULL);
  g_autofree char *through = NULL;

  g_free (parsed->hub_url);
  parsed->hub_url = g_strdup (yl_test_relay_get_url (relay));
  through = yl_enrol_code_format (parsed);
  yl_test_relay_spoil (relay, "sync", YL_RELAY_CUT, 0);
  assert_not_joined (chain, "one", through, YL_ERROR_OFFLINE);
}

/** Desk: head office's side of an approval. */
typedef struct
{
  YlTestChain *chain;
  char *digits;
} Desk;

/* The clerk at head office sees the same digits as the PC shows, and approves. */
static void
approve_cb (const char *digits, gpointer data)
{
  Desk *desk = data;
  YlStore *head_office = yl_test_chain_head_office (desk->chain);
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) pending = yl_company_pending_joins (head_office, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (g_strv_length (pending), ==, 1);
  g_assert_true (g_str_has_prefix (pending[0], digits));
  g_assert_null (desk->digits);
  desk->digits = g_strdup (digits);
  yl_company_approve (head_office, digits, &error);
  g_assert_no_error (error);
}

static void
test_join_approved (void)
{
  g_autoptr (YlTestChain) chain = yl_test_chain_new ("http", 1);
  g_autofree char *code = invite (chain, FALSE);
  g_autofree char *file = yl_test_chain_file (chain, "one");
  Desk desk = { chain, NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (YlStore) store = yl_enrol_join (file, code, approve_cb, &desk, &error);

  g_assert_no_error (error);
  g_assert_nonnull (desk.digits);
  yl_test_sync (store);
  g_free (desk.digits);
}

static void
test_invite_only_head_office (void)
{
  g_autoptr (YlTestChain) chain = yl_test_chain_new ("http", 1);
  g_autoptr (YlStore) store = yl_test_chain_join (chain, 1, "one");
  g_autoptr (GError) error = NULL;

  g_assert_null (yl_enrol_invite (store, "S1", TRUE, &error));
  g_assert_error (error, YL_ERROR, YL_ERROR_REFUSED);
  g_clear_error (&error);
  g_assert_null (yl_enrol_invite (yl_test_chain_head_office (chain), "S9", TRUE, &error));
  g_assert_error (error, YL_ERROR, YL_ERROR_NOT_FOUND);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (sodium_init (), >=, 0);
  g_test_add_func ("/enrol/code/round-trip", test_code_round_trip);
  g_test_add_func ("/enrol/code/as-typed", test_code_as_typed);
  g_test_add_func ("/enrol/code/typos", test_code_typos);
  g_test_add_func ("/enrol/code/none", test_no_codes);
  g_test_add_func ("/enrol/challenge", test_challenge);
  g_test_add_func ("/enrol/bid", test_bid);
  g_test_add_func ("/enrol/bid-is-sealed", test_bid_is_sealed);
  g_test_add_func ("/enrol/answer", test_answer);
  g_test_add_func ("/enrol/digits", test_digits);
  g_test_add_func ("/enrol/join/refused", test_join_refused);
  g_test_add_func ("/enrol/join/impostor", test_join_impostor);
  g_test_add_func ("/enrol/join/cut", test_join_cut);
  g_test_add_func ("/enrol/join/approved", test_join_approved);
  g_test_add_func ("/enrol/invite", test_invite_only_head_office);
  return g_test_run ();
}
