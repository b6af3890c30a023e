/* demo: a whole made-up chain on this machine: head office and two stores that joined it through a real hub. */
#include <glib/gstdio.h>
#include <signal.h>

#include "base/yl-i18n.h"
#include "checkpoint/yl-checkpoint.h"
#include "exchange/yl-enrol.h"
#include "transfer/yl-demo.h"
#include "yl-invocation.h"
#include "yl-output.h"

#define SEED 20261201
#define N_JOINED 2
#define HEAD_OFFICE "head-office"

typedef struct
{
  char *dir;
  gboolean made_dir;
  char *address;    /* of the hub, HOST:PORT */
  GPtrArray *files; /* of char *: head office's first */
  GSubprocess *hub;
} Demo;

static void
demo_clear (Demo *demo)
{
  if (demo->hub != NULL)
    g_subprocess_force_exit (demo->hub);
  g_clear_object (&demo->hub);
  g_free (demo->dir);
  g_free (demo->address);
  g_ptr_array_unref (demo->files);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Demo, demo_clear)

/* Half a chain is of no use: takes back what was made. */
static void
remove_files (const Demo *demo)
{
  static const char *const beside[] = { "", "-wal", "-shm" };

  for (guint i = 0; i < demo->files->len; i++)
    for (guint j = 0; j < G_N_ELEMENTS (beside); j++)
      {
        g_autofree char *file = g_strconcat (g_ptr_array_index (demo->files, i), beside[j], NULL);

        g_unlink (file);
      }
  if (demo->made_dir)
    g_rmdir (demo->dir);
}

static gboolean
make_dir (Demo *demo, GError **error)
{
  g_autoptr (GDir) dir = NULL;

  demo->made_dir = g_mkdir (demo->dir, 0777) == 0;
  dir = g_dir_open (demo->dir, 0, error);
  if (dir == NULL)
    return FALSE;
  if (g_dir_read_name (dir) == NULL)
    return TRUE;
  g_set_error (error, YL_ERROR, YL_ERROR_REFUSED, _ ("%s is not empty; name a new folder with --dir DIR"), demo->dir);
  return FALSE;
}

/* A port of loopback that is free now. */
static gboolean
choose_address (Demo *demo, GError **error)
{
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) any_port = g_inet_socket_address_new (loopback, 0);
  g_autoptr (GSocketAddress) bound = NULL;
  g_autoptr (GSocket) socket = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, error);

  if (socket == NULL || !g_socket_bind (socket, any_port, TRUE, error))
    return FALSE;
  bound = g_socket_get_local_address (socket, error);
  if (bound == NULL)
    return FALSE;
  demo->address = g_strdup_printf ("127.0.0.1:%u", g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound)));
  return TRUE;
}

static const char *
add_file (Demo *demo, const char *name)
{
  g_autofree char *lower = g_ascii_strdown (name, -1);
  g_autofree char *base = g_strconcat (lower, ".yuelai", NULL);

  g_ptr_array_add (demo->files, g_build_filename (demo->dir, base, NULL));
  return g_ptr_array_index (demo->files, demo->files->len - 1);
}

static YlStore *
make_head_office (Demo *demo, GError **error)
{
  g_autofree char *url = g_strconcat ("http://", demo->address, NULL);

  return yl_demo_found (add_file (demo, HEAD_OFFICE), "YL", url, &YL_DEMO_FULL, SEED, error);
}

/* This very program as the hub, in a process of its own; returns once it listens. */
static gboolean
start_hub (Demo *demo, GError **error)
{
  const char *head_office = g_ptr_array_index (demo->files, 0);
  g_autoptr (GDataInputStream) lines = NULL;
  g_autoptr (GError) local_error = NULL;
  g_autofree char *line = NULL;

  demo->hub = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, error, "/proc/self/exe", "--store", head_office, "hub",
                                "--listen", demo->address, NULL);
  if (demo->hub == NULL)
    return FALSE;
  lines = g_data_input_stream_new (g_subprocess_get_stdout_pipe (demo->hub));
  g_filter_input_stream_set_close_base_stream (G_FILTER_INPUT_STREAM (lines), FALSE);
  line = g_data_input_stream_read_line (lines, NULL, NULL, &local_error);
  if (line != NULL)
    return TRUE;
  g_set_error (error, YL_ERROR, YL_ERROR_FAILED, _ ("The demo's hub did not start on %s: %s"), demo->address,
               local_error != NULL ? local_error->message : _ ("it ended at once"));
  return FALSE;
}

static gboolean
stop_hub (Demo *demo, GError **error)
{
  g_subprocess_send_signal (demo->hub, SIGTERM);
  if (!g_subprocess_wait_check (demo->hub, NULL, error))
    return FALSE;
  g_clear_object (&demo->hub);
  return TRUE;
}

/** Join: a PC that joins, in a thread of its own: they do so at the same time, as on different PCs. */
typedef struct
{
  const char *file;
  char *code;
  GThread *thread;
  GError *error;
} Join;

static gpointer
join_store (gpointer data)
{
  Join *join = data;
  g_autoptr (YlStore) store = yl_enrol_join (join->file, join->code, NULL, NULL, &join->error);

  return NULL;
}

static gboolean
end_join (Join *join, GError **error)
{
  gboolean ok;

  if (join->thread != NULL)
    g_thread_join (join->thread);
  g_free (join->code);
  ok = join->error == NULL;
  if (!ok)
    g_propagate_error (error, join->error);
  return ok;
}

static void
begin_join (Demo *demo, YlStore *head_office, const YlRecord *site, Join *join)
{
  join->code = yl_enrol_invite (head_office, yl_record_get_id (site), TRUE, &join->error);
  join->file = add_file (demo, yl_record_get_text (site, "code"));
  if (join->code != NULL)
    join->thread = g_thread_new ("join", join_store, join);
}

static gboolean
join_stores (Demo *demo, YlStore *head_office, GError **error)
{
  const char *const stores[] = { "kind=store", NULL };
  g_autoptr (GPtrArray) sites = yl_store_list (head_office, "site", stores, N_JOINED, error);
  Join joins[N_JOINED] = { { NULL } };
  gboolean ok = TRUE;

  if (sites == NULL)
    return FALSE;
  for (guint i = 0; i < sites->len; i++)
    begin_join (demo, head_office, sites->pdata[i], &joins[i]);
  for (guint i = 0; i < sites->len; i++)
    ok = end_join (&joins[i], ok ? error : NULL) && ok;
  return ok;
}

/* The stores begin with it: that takes a fraction of what folding the whole history does. */
static gboolean
make_checkpoint (YlStore *head_office, GError **error)
{
  g_autoptr (YlCheckpoint) made = yl_checkpoint_make (head_office, error);

  return made != NULL;
}

static gboolean
make_chain (Demo *demo, GError **error)
{
  g_autoptr (YlStore) head_office = make_head_office (demo, error);

  return head_office != NULL && make_checkpoint (head_office, error) && start_hub (demo, error)
         && join_stores (demo, head_office, error) && stop_hub (demo, error);
}

static gboolean
report (YlInvocation *invocation, const Demo *demo, GError **error)
{
  g_autoptr (YlOutput) output = yl_output_new ();

  if (invocation->json)
    yl_output_begin_array (output, NULL);
  for (guint i = 0; i < demo->files->len; i++)
    {
      const char *file = g_ptr_array_index (demo->files, i);

      if (invocation->json)
        yl_output_text (output, NULL, file);
      else
        yl_output_line (output, "%s", file);
    }
  if (invocation->json)
    yl_output_end_array (output);
  return yl_output_flush (output, error);
}

gboolean
yl_command_demo (YlInvocation *invocation, GError **error)
{
  const char *dir = yl_invocation_option (invocation, "dir");
  g_auto (Demo) demo = { g_strdup (dir != NULL ? dir : "yuelai-demo"), FALSE, NULL,
                         g_ptr_array_new_with_free_func (g_free), NULL };

  if (!make_dir (&demo, error))
    return FALSE;
  if (!choose_address (&demo, error) || !make_chain (&demo, error))
    {
      remove_files (&demo);
      return FALSE;
    }
  return report (invocation, &demo, error);
}
