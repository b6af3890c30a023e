#include "welcome/yl-passphrase-choice.h"

#include <sodium.h>
#include <string.h>

#include "base/yl-error.h"
#include "base/yl-i18n.h"
#include "reconcile/yl-side.h"
#include "seal/yl-lock.h"

struct _YlPassphraseChoice
{
  AdwBin parent_instance;

  GtkCheckButton *wanted;
  GtkWidget *hint;
  GtkWidget *entries;
  GtkEditable *first;
  GtkEditable *second;
};

G_DEFINE_FINAL_TYPE (YlPassphraseChoice, yl_passphrase_choice, ADW_TYPE_BIN)

/* What the core's question is answered with: nobody can be asked from inside a thread that makes a file. */
static struct
{
  GMutex mutex;
  char *passphrase;
} offered;

void
yl_passphrase_free (char *passphrase)
{
  if (passphrase != NULL)
    sodium_memzero (passphrase, strlen (passphrase));
  g_free (passphrase);
}

void
yl_passphrase_offer (char *passphrase)
{
  g_mutex_lock (&offered.mutex);
  yl_passphrase_free (offered.passphrase);
  offered.passphrase = passphrase;
  g_mutex_unlock (&offered.mutex);
}

static char *
answer_cb (const char *file, gboolean fresh, GError **error)
{
  char *passphrase;

  g_mutex_lock (&offered.mutex);
  passphrase = g_strdup (offered.passphrase);
  g_mutex_unlock (&offered.mutex);
  if (passphrase == NULL)
    g_set_error (error, YL_ERROR, YL_ERROR_REFUSED, _ ("%s is protected by a passphrase: open it and unlock it first"),
                 file);
  return passphrase;
}

void
yl_passphrase_use (void)
{
  yl_lock_set_passphrase_func (answer_cb);
}

static void
wanted_cb (GtkCheckButton *wanted, GParamSpec *property, YlPassphraseChoice *self)
{
  gtk_widget_set_visible (self->entries, gtk_check_button_get_active (wanted));
}

static GtkWidget *
make_entry (const char *name)
{
  GtkWidget *entry = gtk_password_entry_new ();

  g_object_set (entry, "placeholder-text", name, "show-peek-icon", TRUE, NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  return entry;
}

static void
yl_passphrase_choice_map (GtkWidget *widget)
{
  YlPassphraseChoice *self = YL_PASSPHRASE_CHOICE (widget);
  YlLockKind kind = YL_LOCK_PASSPHRASE;
  gboolean must = !yl_lock_kind_for_new (&kind, NULL) || kind == YL_LOCK_PASSPHRASE;

  gtk_widget_set_visible (GTK_WIDGET (self->wanted), !must);
  gtk_widget_set_visible (self->hint, must);
  if (must)
    gtk_check_button_set_active (self->wanted, TRUE);
  GTK_WIDGET_CLASS (yl_passphrase_choice_parent_class)->map (widget);
}

static void
yl_passphrase_choice_class_init (YlPassphraseChoiceClass *klass)
{
  GTK_WIDGET_CLASS (klass)->map = yl_passphrase_choice_map;
}

static void
yl_passphrase_choice_init (YlPassphraseChoice *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 9);
  g_autofree char *length = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "Passphrase, at least %d character",
                                                          "Passphrase, at least %d characters", YL_PASSPHRASE_MIN),
                                             YL_PASSPHRASE_MIN);

  self->wanted =
      GTK_CHECK_BUTTON (gtk_check_button_new_with_label (_ ("Ask for a passphrase whenever the store is opened")));
  self->hint = yl_side_label (_ ("This login has no keyring, so a passphrase protects what is kept on this PC. "
                                 "Nobody can open the file without it."),
                              "dim-label");
  self->entries = gtk_box_new (GTK_ORIENTATION_VERTICAL, 9);
  self->first = GTK_EDITABLE (make_entry (length));
  self->second = GTK_EDITABLE (make_entry (_ ("The passphrase once more")));
  gtk_box_append (GTK_BOX (self->entries), GTK_WIDGET (self->first));
  gtk_box_append (GTK_BOX (self->entries), GTK_WIDGET (self->second));
  gtk_widget_set_visible (self->entries, FALSE);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->wanted));
  gtk_box_append (GTK_BOX (box), self->hint);
  gtk_box_append (GTK_BOX (box), self->entries);
  g_signal_connect_object (self->wanted, "notify::active", G_CALLBACK (wanted_cb), self, 0);
  adw_bin_set_child (ADW_BIN (self), box);
}

static gboolean
check (YlPassphraseChoice *self, GError **error)
{
  const char *passphrase = gtk_editable_get_text (self->first);

  if (g_utf8_strlen (passphrase, -1) < YL_PASSPHRASE_MIN)
    g_set_error (error, YL_ERROR, YL_ERROR_INVALID,
                 g_dngettext (GETTEXT_PACKAGE, "The passphrase is too short: use at least %d character.",
                              "The passphrase is too short: use at least %d characters.", YL_PASSPHRASE_MIN),
                 YL_PASSPHRASE_MIN);
  else if (!g_str_equal (passphrase, gtk_editable_get_text (self->second)))
    g_set_error_literal (error, YL_ERROR, YL_ERROR_INVALID, _ ("The two passphrases differ. Type both again."));
  else
    return TRUE;
  gtk_widget_grab_focus (GTK_WIDGET (self->first));
  return FALSE;
}

gboolean
yl_passphrase_choice_take (YlPassphraseChoice *self, char **passphrase, GError **error)
{
  *passphrase = NULL;
  if (!gtk_check_button_get_active (self->wanted))
    return TRUE;
  if (!check (self, error))
    return FALSE;
  *passphrase = g_strdup (gtk_editable_get_text (self->first));
  gtk_editable_set_text (self->first, "");
  gtk_editable_set_text (self->second, "");
  return TRUE;
}
