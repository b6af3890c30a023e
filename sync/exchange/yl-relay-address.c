#include "exchange/yl-relay-address.h"

#include <gio/gio.h>
#include <string.h>

#include "base/yl-i18n.h"

#define ADDRESS_MAX 300

/* A name as DNS has them, or a number that is a whole address: `192.168.1` is a slip, though some programs read it as one. */
static gboolean
is_host (const char *host)
{
  const char *last;

  if (host == NULL || *host == '\0' || *host == '.' || *host == '-')
    return FALSE;
  if (g_hostname_is_ip_address (host))
    return TRUE;
  last = strrchr (host, '.');
  last = last == NULL ? host : last + 1;
  return strspn (host, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_") == strlen (host)
         && strstr (host, "..") == NULL && strspn (last, "0123456789") < strlen (last);
}

static gboolean
is_bare (GUri *uri)
{
  const char *path = g_uri_get_path (uri);

  return (*path == '\0' || strcmp (path, "/") == 0) && g_uri_get_userinfo (uri) == NULL && g_uri_get_query (uri) == NULL
         && g_uri_get_fragment (uri) == NULL;
}

static char *
write_url (GUri *uri)
{
  const char *scheme = g_uri_get_scheme (uri);
  const char *host = g_uri_get_host (uri);
  int port = g_uri_get_port (uri) == -1 ? YL_RELAY_PORT : g_uri_get_port (uri);

  if ((strcmp (scheme, "http") != 0 && strcmp (scheme, "https") != 0) || !is_host (host) || port == 0 || !is_bare (uri))
    return NULL;
  return g_strdup_printf (strchr (host, ':') == NULL ? "%s://%s:%d" : "%s://[%s]:%d", scheme, host, port);
}

char *
yl_relay_address_read (const char *text, gboolean https, GError **error)
{
  /* A Chinese keyboard has `：` where this means `:`. */
  g_autofree char *plain = strlen (text) > ADDRESS_MAX ? NULL : g_utf8_normalize (text, -1, G_NORMALIZE_ALL_COMPOSE);
  g_autofree char *address = plain == NULL ? g_strdup ("") : g_strdup (g_strstrip (plain));
  g_autofree char *full = g_strconcat (https ? "https://" : "http://", address, NULL);
  g_autoptr (GUri) uri = g_uri_parse (strstr (address, "://") == NULL ? full : address, G_URI_FLAGS_NONE, NULL);
  char *url = uri == NULL ? NULL : write_url (uri);

  if (url == NULL && *address == '\0')
    g_set_error_literal (error, YL_ERROR, YL_ERROR_INVALID,
                         _ ("Type the address that the other PC shows, such as 192.168.1.20:8471."));
  else if (url == NULL)
    g_set_error (error, YL_ERROR, YL_ERROR_INVALID,
                 _ ("“%s” is no address. Type what the other PC shows, such as 192.168.1.20:8471."), address);
  return url;
}
