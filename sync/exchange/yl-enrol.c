#include "exchange/yl-enrol.h"

#include <glib/gstdio.h>
#include <sodium.h>
#include <string.h>

#include "base/yl-i18n.h"
#include "exchange/yl-certificate.h"
#include "exchange/yl-hex.h"
#include "exchange/yl-transport.h"
#include "exchange/yl-join.h"
#include "exchange/yl-message.h"
#include "exchange/yl-peer.h"
#include "exchange/yl-sync.h"
#include "trust/yl-company.h"
#include "store/yl-database.h"
#include "store/yl-making.h"

#define WAIT_SECONDS 600
#define ASK_AGAIN_SECONDS 2
#define PC_NAME_CHARS 40
#define NODE_ID_CHARS 36

char *
yl_enrol_invite (YlStore *store, const char *site, gboolean approved, GError **error)
{
  g_autoptr (YlEnrolCode) code = g_new0 (YlEnrolCode, 1);
  g_autoptr (GTlsCertificate) certificate = NULL;
  g_autofree char *id = yl_store_find_id (store, "site", site, error);

  if (id == NULL)
    return NULL;
  code->hub_url = g_strdup (yl_store_get_hub_url (store));
  g_strlcpy (code->scope, yl_store_get_scope (store), sizeof code->scope);
  if (!yl_hub_url_check (code->hub_url == NULL ? "" : code->hub_url, error))
    return NULL;
  /* Only head office may: asked before anything is made. */
  if (!yl_company_new_invite (store, id, approved, code->secret, error))
    return NULL;
  code->has_fingerprint = g_str_has_prefix (code->hub_url, "https:");
  if (code->has_fingerprint)
    {
      certificate = yl_certificate_of_hub (store, error);
      if (certificate == NULL)
        return NULL;
      yl_certificate_fingerprint (certificate, code->fingerprint);
    }
  return yl_enrol_code_format (code);
}

/** Join: one attempt to enrol this PC. */
typedef struct
{
  const YlEnrolCode *code;
  YlTransport *transport;
  guint8 seed[YL_KEY_BYTES];
  char *pc_name;
  YlDigitsFunc show_digits;
  gpointer data;
  YlJoinChallenge challenge; /* the latest */
  char *node;                /* record id, once enrolled */
} Join;

static void
join_clear (Join *join)
{
  g_clear_object (&join->transport);
  g_free (join->pc_name);
  g_free (join->node);
  sodium_memzero (join->seed, sizeof join->seed);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Join, join_clear)

/* The machine's name, cut to what fits the record. */
static char *
pc_name (void)
{
  g_autofree char *name = g_utf8_make_valid (g_get_host_name (), -1);

  return g_utf8_substring (name, 0, MIN (g_utf8_strlen (name, -1), PC_NAME_CHARS));
}

static gboolean
rubbish (Join *join, GError **error)
{
  g_set_error (
      error, YL_ERROR, YL_ERROR_INVALID,
      _ ("What answers at %s cannot prove that it is the head office that made the code; check the address with it."),
      yl_transport_get_url (join->transport));
  return FALSE;
}

static JsonObject *
call (Join *join, const char *path, GBytes *body, const char *body_type, GError **error)
{
  YlTransportCall request = {
    .path = path, .body = body, .body_type = body_type, .answer_type = YL_MEDIA_JSON, .answer_max = YL_MESSAGE_MAX_BYTES
  };
  g_autoptr (GBytes) answer = yl_transport_call (join->transport, &request, NULL, NULL, error);
  JsonObject *object = answer == NULL ? NULL : yl_message_parse (answer, NULL);

  if (answer != NULL && object == NULL)
    rubbish (join, error);
  return object;
}

static gboolean
ask_challenge (Join *join, GError **error)
{
  YlJoinChallenge *challenge = &join->challenge;
  JsonObject *request = json_object_new ();
  g_autoptr (GBytes) body = NULL;
  g_autoptr (JsonObject) answer = NULL;
  guint8 signature[YL_SIGNATURE_BYTES];

  g_strlcpy (challenge->scope, join->code->scope, sizeof challenge->scope);
  randombytes_buf (challenge->node_nonce, sizeof challenge->node_nonce);
  json_object_set_string_member (request, "scope", challenge->scope);
  yl_message_set_hex (request, "nonce", challenge->node_nonce, YL_NONCE_BYTES);
  body = yl_message_encode (request);
  answer = call (join, "join/challenge", body, YL_MEDIA_JSON, error);
  if (answer == NULL)
    return FALSE;
  if (!yl_message_get_hex (answer, "authority", challenge->authority_key, YL_KEY_BYTES, NULL)
      || !yl_message_get_hex (answer, "key", challenge->hub_key, YL_KEY_BYTES, NULL)
      || !yl_message_get_hex (answer, "box_key", challenge->hub_box_key, YL_KEY_BYTES, NULL)
      || !yl_message_get_hex (answer, "nonce", challenge->hub_nonce, YL_NONCE_BYTES, NULL)
      || !yl_message_get_hex (answer, "signature", signature, sizeof signature, NULL)
      || !yl_join_challenge_verify (challenge, signature))
    return rubbish (join, error);
  return TRUE;
}

/* Sends the bid; afterwards join->node is set if the hub has enrolled this PC. */
static gboolean
bid (Join *join, GError **error)
{
  g_autoptr (GBytes) sealed = NULL;
  g_autoptr (JsonObject) answer = NULL;
  guint8 proof[YL_JOIN_PROOF_BYTES], expected[YL_JOIN_PROOF_BYTES];
  const char *node;

  sealed = yl_join_bid_seal (&join->challenge, join->code->secret, join->seed, join->pc_name);
  answer = call (join, "join", sealed, YL_MEDIA_SEALED, error);
  if (answer == NULL)
    return FALSE;
  node = yl_message_get_text (answer, "node", NODE_ID_CHARS, NULL);
  if (node == NULL || !yl_message_get_hex (answer, "proof", proof, sizeof proof, NULL))
    return rubbish (join, error);
  yl_join_answer_proof (&join->challenge, join->code->secret, node, expected);
  if (sodium_memcmp (proof, expected, sizeof proof) != 0)
    return rubbish (join, error);
  join->node = *node == '\0' ? NULL : g_strdup (node);
  return TRUE;
}

static void
show_digits (Join *join)
{
  guint8 sign_key[YL_KEY_BYTES], box_key[YL_KEY_BYTES];
  char writer[YL_WRITER_CHARS + 1];
  g_autofree char *digits = NULL;

  if (join->show_digits == NULL)
    return;
  yl_node_keys (join->seed, sign_key, box_key, writer);
  digits = yl_join_digits (&join->challenge, join->code->secret, sign_key, box_key);
  join->show_digits (digits, join->data);
}

static gboolean
ask (Join *join, GError **error)
{
  return ask_challenge (join, error) && bid (join, error);
}

/* Asks until a person at head office has compared the digits. A link that drops meanwhile is no reason to give up. */
static gboolean
wait_for_approval (Join *join, GError **error)
{
  gint64 end = g_get_monotonic_time () + WAIT_SECONDS * G_TIME_SPAN_SECOND;

  while (g_get_monotonic_time () < end)
    {
      g_autoptr (GError) fault = NULL;

      g_usleep (ASK_AGAIN_SECONDS * G_USEC_PER_SEC);
      if (ask (join, &fault))
        {
          if (join->node != NULL)
            return TRUE;
        }
      else if (!g_error_matches (fault, YL_ERROR, YL_ERROR_OFFLINE))
        {
          g_propagate_error (error, g_steal_pointer (&fault));
          return FALSE;
        }
    }
  g_set_error_literal (error, YL_ERROR, YL_ERROR_REFUSED,
                       _ ("Nobody at head office approved this PC within 10 minutes; ask for a new code."));
  return FALSE;
}

static gboolean
enrol (Join *join, GError **error)
{
  if (!ask (join, error))
    return FALSE;
  if (join->node != NULL)
    return TRUE;
  show_digits (join);
  return wait_for_approval (join, error);
}

static YlStore *
create_store (Join *join, const char *file, GError **error)
{
  const YlEnrolCode *code = join->code;
  g_autofree char *hub_key = yl_hex_write (join->challenge.hub_key, YL_KEY_BYTES);
  g_autofree char *fingerprint =
      code->has_fingerprint ? yl_hex_write (code->fingerprint, sizeof code->fingerprint) : NULL;
  const char *settings[] = { YL_SETTING_HUB_KEY, hub_key, fingerprint != NULL ? YL_SETTING_FINGERPRINT : NULL,
                             fingerprint, NULL };
  YlMembership membership = { .scope = join->code->scope,
                              .hub_url = join->code->hub_url,
                              .authority_key = join->challenge.authority_key,
                              .node = join->node,
                              .seed = join->seed,
                              .settings = settings };
  g_autoptr (YlStore) store = yl_store_create_member (file, &membership, error);

  if (store == NULL || !yl_sync_run (store, NULL, NULL, error))
    return NULL;
  return g_steal_pointer (&store);
}

/* Refuses what would only fail after the code is used up. */
static gboolean
check_file (const char *file, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (file);

  if (yl_database_file_exists (file) && !yl_making_was_cut (file))
    g_set_error (error, YL_ERROR, YL_ERROR_REFUSED, _ ("%s exists already; choose another name."), file);
  else if (g_access (folder, W_OK | X_OK) != 0)
    g_set_error (error, YL_ERROR, YL_ERROR_INVALID, _ ("The folder %s does not exist or cannot be written to."),
                 folder);
  else
    return TRUE;
  return FALSE;
}

YlStore *
yl_enrol_join (const char *file, const char *code, YlDigitsFunc digits, gpointer data, GError **error)
{
  g_autoptr (YlEnrolCode) parsed = yl_enrol_code_parse (code, error);
  g_auto (Join) join = { .code = parsed, .show_digits = digits, .data = data };
  YlStore *store;

  if (parsed == NULL || !check_file (file, error))
    return NULL;
  join.transport = yl_transport_open (parsed->hub_url, parsed->has_fingerprint ? parsed->fingerprint : NULL, error);
  if (join.transport == NULL)
    return NULL;
  join.pc_name = pc_name ();
  randombytes_buf (join.seed, sizeof join.seed);
  if (!enrol (&join, error))
    return NULL;
  store = create_store (&join, file, error);
  /* FILE did not exist before: what is there now is ours. */
  if (store == NULL)
    yl_database_remove_file (file);
  return store;
}
