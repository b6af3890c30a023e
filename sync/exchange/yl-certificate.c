#include "exchange/yl-certificate.h"

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <sodium.h>

#include "base/yl-i18n.h"
#include "seal/yl-vault.h"

#define SETTING_CERTIFICATE "hub.certificate"
#define SECRET_KEY "hub-certificate-key"
#define NAME "CN=Yuelai hub"
#define LIFE_SECONDS (20LL * 365 * 24 * 3600)
#define SERIAL_BYTES 16

static void
key_free (gnutls_x509_privkey_t *key)
{
  gnutls_x509_privkey_deinit (*key);
}

static void
crt_free (gnutls_x509_crt_t *crt)
{
  gnutls_x509_crt_deinit (*crt);
}

static gboolean
check (int result, GError **error)
{
  if (result >= 0)
    return TRUE;
  g_set_error (error, YL_ERROR, YL_ERROR_FAILED, _ ("The hub's certificate cannot be made: %s."),
               gnutls_strerror (result));
  return FALSE;
}

static char *
take_pem (gnutls_datum_t *pem)
{
  char *text = g_strndup ((const char *) pem->data, pem->size);

  gnutls_memset (pem->data, 0, pem->size);
  gnutls_free (pem->data);
  return text;
}

static gboolean
fill (gnutls_x509_crt_t crt, gnutls_x509_privkey_t key, GError **error)
{
  guint8 serial[SERIAL_BYTES];
  time_t now = (time_t) (yl_clock_now () / 1000);

  randombytes_buf (serial, sizeof serial);
  serial[0] = (serial[0] & 0x7f) | 0x01; /* positive and not empty */
  /* A day's slack: the clocks of a chain's PCs differ. */
  return check (gnutls_x509_crt_set_version (crt, 3), error)
         && check (gnutls_x509_crt_set_serial (crt, serial, sizeof serial), error)
         && check (gnutls_x509_crt_set_activation_time (crt, now - 24 * 3600), error)
         && check (gnutls_x509_crt_set_expiration_time (crt, now + LIFE_SECONDS), error)
         && check (gnutls_x509_crt_set_dn (crt, NAME, NULL), error) && check (gnutls_x509_crt_set_key (crt, key), error)
         && check (gnutls_x509_crt_sign2 (crt, crt, key, GNUTLS_DIG_SHA256, 0), error);
}

static gboolean
make_pem (gnutls_x509_crt_t crt, gnutls_x509_privkey_t key, char **certificate_pem, char **key_pem, GError **error)
{
  gnutls_datum_t pem = { 0 };

  if (!check (gnutls_x509_privkey_generate (key, GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS (GNUTLS_ECC_CURVE_SECP256R1), 0),
              error)
      || !fill (crt, key, error) || !check (gnutls_x509_crt_export2 (crt, GNUTLS_X509_FMT_PEM, &pem), error))
    return FALSE;
  *certificate_pem = take_pem (&pem);
  if (!check (gnutls_x509_privkey_export2_pkcs8 (key, GNUTLS_X509_FMT_PEM, NULL, GNUTLS_PKCS_PLAIN, &pem), error))
    return FALSE;
  *key_pem = take_pem (&pem);
  return TRUE;
}

static gboolean
make (YlStore *store, char **certificate_pem, char **key_pem, GError **error)
{
  __attribute__ ((cleanup (key_free))) gnutls_x509_privkey_t key = NULL;
  __attribute__ ((cleanup (crt_free))) gnutls_x509_crt_t crt = NULL;

  /* The key first: a certificate without its key would never be used. */
  return check (gnutls_x509_privkey_init (&key), error) && check (gnutls_x509_crt_init (&crt), error)
         && make_pem (crt, key, certificate_pem, key_pem, error)
         && yl_vault_set_secret (store, SECRET_KEY, *key_pem, error)
         && yl_store_set_setting (store, SETTING_CERTIFICATE, *certificate_pem, error);
}

GTlsCertificate *
yl_certificate_of_hub (YlStore *store, GError **error)
{
  g_autofree char *certificate_pem = yl_store_get_setting (store, SETTING_CERTIFICATE);
  g_autofree char *key_pem = NULL;
  g_autofree char *both = NULL;
  g_autoptr (GError) sealed = NULL;
  g_autoptr (GError) fault = NULL;
  GTlsCertificate *certificate;

  key_pem = yl_vault_get_secret (store, SECRET_KEY, &sealed);
  if (sealed != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&sealed));
      return NULL;
    }
  if (certificate_pem == NULL || key_pem == NULL)
    {
      g_clear_pointer (&certificate_pem, g_free);
      g_clear_pointer (&key_pem, g_free);
      if (!make (store, &certificate_pem, &key_pem, error))
        return NULL;
    }
  both = g_strconcat (certificate_pem, key_pem, NULL);
  certificate = g_tls_certificate_new_from_pem (both, -1, &fault);
  if (certificate == NULL)
    g_set_error (error, YL_ERROR, YL_ERROR_CORRUPT, _ ("The hub's certificate in this store file cannot be read: %s."),
                 fault->message);
  return certificate;
}

void
yl_certificate_fingerprint (GTlsCertificate *certificate, guint8 *fingerprint)
{
  g_autoptr (GByteArray) der = NULL;
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  gsize length = YL_FINGERPRINT_BYTES;

  g_object_get (certificate, "certificate", &der, NULL);
  g_checksum_update (checksum, der->data, (gssize) der->len);
  g_checksum_get_digest (checksum, fingerprint, &length);
}
