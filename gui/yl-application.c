#include "yl-application.h"

#include "base/yl-i18n.h"
#include "seal/yl-lock.h"
#include "yl-window.h"

struct _YlApplication
{
  AdwApplication parent_instance;
  char *file;
};

G_DEFINE_FINAL_TYPE (YlApplication, yl_application, ADW_TYPE_APPLICATION)

static const struct
{
  const char *action;
  const char *keys[3];
} shortcuts[] = {
  { "win.new-order", { "<Control>n" } },
  { "win.page('today')", { "<Control>1" } },
  { "win.page('orders')", { "<Control>2" } },
  { "win.page('workers')", { "<Control>3" } },
  { "win.page('reconcile')", { "<Control>4" } },
  { "win.back", { "<Alt>Left" } },
  { "win.sync-now", { "F5" } },
  { "win.search", { "<Control>f", "<Control>k" } },
  { "win.undo", { "<Control>z" } },
  { "win.show-help-overlay", { "<Control>question", "F1" } },
  { "window.close", { "<Control>w" } },
  { "app.quit", { "<Control>q" } },
};

/* Where the last opened file's name is kept. */
static char *
last_file_path (void)
{
  return g_build_filename (g_get_user_config_dir (), "yuelai", "last-store", NULL);
}

void
yl_application_remember_file (const char *file)
{
  g_autofree char *path = last_file_path ();
  g_autofree char *directory = g_path_get_dirname (path);
  g_autofree char *absolute = g_canonicalize_filename (file, NULL);
  g_autoptr (GError) error = NULL;

  if (g_mkdir_with_parents (directory, 0700) != 0 || !g_file_set_contents (path, absolute, -1, &error))
    g_warning ("The name of the store file could not be kept for next time: %s",
               error == NULL ? g_strerror (errno) : error->message);
}

static char *
file_to_open (YlApplication *self)
{
  g_autofree char *path = last_file_path ();
  const char *from_environment = g_getenv ("YUELAI_STORE");
  char *file = NULL;

  if (self->file != NULL)
    return g_strdup (self->file);
  if (from_environment != NULL && *from_environment != '\0')
    return g_strdup (from_environment);
  if (!g_file_get_contents (path, &file, NULL, NULL))
    return NULL;
  if (!g_file_test (file, G_FILE_TEST_EXISTS))
    g_clear_pointer (&file, g_free);
  return file;
}

static void
yl_application_activate (GApplication *application)
{
  YlApplication *self = YL_APPLICATION (application);
  GtkWindow *window = gtk_application_get_active_window (GTK_APPLICATION (application));
  g_autofree char *file = NULL;

  if (window == NULL)
    {
      file = file_to_open (self);
      window = GTK_WINDOW (yl_window_new (GTK_APPLICATION (application), file));
    }
  gtk_window_present (window);
}

static int
yl_application_handle_local_options (GApplication *application, GVariantDict *options)
{
  YlApplication *self = YL_APPLICATION (application);
  const char *key_file;

  if (g_variant_dict_contains (options, "version"))
    {
      g_print ("yuelai %s\n", YL_VERSION);
      return 0;
    }
  g_variant_dict_lookup (options, "store", "^ay", &self->file);
  if (g_variant_dict_lookup (options, "key-file", "^&ay", &key_file))
    yl_lock_set_key_file (key_file);
  return -1;
}

/* Windows go first: what one of them still offers to undo is done then. */
static void
quit_cb (GSimpleAction *action, GVariant *parameter, gpointer application)
{
  GtkWindow *window;

  while ((window = gtk_application_get_active_window (application)) != NULL)
    gtk_window_destroy (window);
  g_application_quit (application);
}

static void
about_cb (GSimpleAction *action, GVariant *parameter, gpointer application)
{
  adw_show_about_window (gtk_application_get_active_window (application), "application-name", _ ("Yuelai"),
                         "application-icon", YL_APPLICATION_ID, "version", YL_VERSION, "license-type",
                         GTK_LICENSE_GPL_3_0, "comments", _ ("Those near are pleased, those far come."), NULL);
}

static void
yl_application_startup (GApplication *application)
{
  static const GActionEntry actions[] = { { "quit", quit_cb }, { "about", about_cb } };

  G_APPLICATION_CLASS (yl_application_parent_class)->startup (application);
  g_action_map_add_action_entries (G_ACTION_MAP (application), actions, G_N_ELEMENTS (actions), application);
  for (guint i = 0; i < G_N_ELEMENTS (shortcuts); i++)
    gtk_application_set_accels_for_action (GTK_APPLICATION (application), shortcuts[i].action, shortcuts[i].keys);
  gtk_window_set_default_icon_name (YL_APPLICATION_ID);
}

static void
yl_application_finalize (GObject *object)
{
  g_free (YL_APPLICATION (object)->file);
  G_OBJECT_CLASS (yl_application_parent_class)->finalize (object);
}

static void
yl_application_class_init (YlApplicationClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = yl_application_finalize;
  application_class->activate = yl_application_activate;
  application_class->startup = yl_application_startup;
  application_class->handle_local_options = yl_application_handle_local_options;
}

static void
yl_application_init (YlApplication *self)
{
  static const GOptionEntry options[] = {
    { "store", 's', 0, G_OPTION_ARG_FILENAME, NULL, N_ ("Open this store file"), N_ ("FILE") },
    { "key-file", 0, 0, G_OPTION_ARG_FILENAME, NULL, N_ ("Unlock it with this key file"), N_ ("FILE") },
    { "version", 0, 0, G_OPTION_ARG_NONE, NULL, N_ ("Show the version"), NULL },
    { NULL }
  };

  g_application_add_main_option_entries (G_APPLICATION (self), options);
}

YlApplication *
yl_application_new (void)
{
  /* Two store files may be open side by side, each in a process of its own. */
  return g_object_new (YL_TYPE_APPLICATION, "application-id", YL_APPLICATION_ID, "flags", G_APPLICATION_NON_UNIQUE,
                       "resource-base-path", "/org/yuelai/Yuelai", NULL);
}
