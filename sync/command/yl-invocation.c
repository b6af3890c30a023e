#include "base/yl-i18n.h"
#include "base/yl-text.h"
#include "seal/yl-lock.h"
#include "yl-invocation.h"

#include <string.h>

/* Options of every command. */
static const char global_usage[] = "[--store FILE] [--as STAFF] [--key-file FILE] [--json] [--help] [--version]";

#define MAX_LIMIT 1000000

/* What the reading of a command line needs to remember between two words. */
typedef struct
{
  YlInvocation *invocation;
  YlUsage *global;
  YlUsage *usage; /* of the command, once it is known */
  char **words;
  gboolean only_words; /* after `--` */
  gboolean help;
  gboolean version;
} Reader;

static void
values_free (gpointer values)
{
  if (values != NULL)
    g_ptr_array_unref (values);
}

static YlInvocation *
invocation_new (void)
{
  YlInvocation *invocation = g_new0 (YlInvocation, 1);

  invocation->arguments = g_ptr_array_new_with_free_func (g_free);
  invocation->options = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, values_free);
  invocation->store_file = g_strdup (g_getenv ("YUELAI_STORE"));
  return invocation;
}

void
yl_invocation_free (YlInvocation *invocation)
{
  g_free (invocation->store_file);
  g_free (invocation->actor);
  g_free (invocation->key_file);
  g_clear_object (&invocation->store);
  g_ptr_array_unref (invocation->arguments);
  g_hash_table_unref (invocation->options);
  g_free (invocation);
}

static gboolean
keep_global (Reader *reader, const char *name, const char *value)
{
  YlInvocation *invocation = reader->invocation;

  if (g_str_equal (name, "store"))
    {
      g_free (invocation->store_file);
      invocation->store_file = g_strdup (value);
    }
  else if (g_str_equal (name, "as"))
    {
      g_free (invocation->actor);
      invocation->actor = g_strdup (value);
    }
  else if (g_str_equal (name, "key-file"))
    {
      g_free (invocation->key_file);
      invocation->key_file = g_strdup (value);
    }
  invocation->json |= g_str_equal (name, "json");
  reader->help |= g_str_equal (name, "help");
  reader->version |= g_str_equal (name, "version");
  return TRUE;
}

static gboolean
keep_option (Reader *reader, const YlUsageOption *option, const char *value, GError **error)
{
  GHashTable *options = reader->invocation->options;
  GPtrArray *values = g_hash_table_lookup (options, option->name);

  if (g_hash_table_contains (options, option->name) && !option->repeatable)
    {
      g_set_error (error, YL_ERROR, YL_ERROR_INVALID, _ ("--%s is given twice; give it once"), option->name);
      return FALSE;
    }
  if (values == NULL && value != NULL)
    values = g_ptr_array_new_with_free_func (g_free);
  if (value != NULL)
    g_ptr_array_add (values, g_strdup (value));
  if (!g_hash_table_contains (options, option->name))
    g_hash_table_insert (options, g_strdup (option->name), values);
  return TRUE;
}

static const char *
command_name (Reader *reader)
{
  return reader->invocation->command != NULL ? reader->invocation->command->name : "yuelaictl";
}

/* Reads words[i], which is an option, and its value. Returns how many words were used, or 0 on an error. */
static guint
read_option (Reader *reader, guint i, GError **error)
{
  const char *word = reader->words[i];
  const char *text = g_str_equal (word, "-h") ? "help" : word + 2;
  const char *equals = strchr (text, '=');
  g_autofree char *name = equals != NULL ? g_strndup (text, equals - text) : g_strdup (text);
  const YlUsageOption *global = yl_usage_option (reader->global, name);
  const YlUsageOption *option = global;
  const char *value = equals != NULL ? equals + 1 : NULL;
  guint used = 1;

  if (option == NULL && reader->usage != NULL)
    option = yl_usage_option (reader->usage, name);
  if (option == NULL || (word[1] != '-' && !g_str_equal (word, "-h")))
    {
      g_set_error (error, YL_ERROR, YL_ERROR_INVALID, _ ("%s knows no option %s; see `yuelaictl help`"),
                   command_name (reader), word);
      return 0;
    }
  if (option->argument == NULL && value != NULL)
    {
      g_set_error (error, YL_ERROR, YL_ERROR_INVALID, _ ("--%s takes no value"), name);
      return 0;
    }
  if (option->argument != NULL && value == NULL)
    {
      value = reader->words[i + 1];
      used = 2;
    }
  if (option->argument != NULL && value == NULL)
    {
      g_set_error (error, YL_ERROR, YL_ERROR_INVALID, _ ("--%s needs a value: --%s %s"), name, name, option->argument);
      return 0;
    }
  if (global != NULL)
    return keep_global (reader, name, value) ? used : 0;
  return keep_option (reader, option, value, error) ? used : 0;
}

const YlCommand *
yl_command_find (const char *first, const char *second)
{
  g_autofree char *both = second != NULL ? g_strconcat (first, " ", second, NULL) : NULL;

  for (guint i = 0; both != NULL && yl_commands[i].name != NULL; i++)
    if (g_str_equal (yl_commands[i].name, both))
      return &yl_commands[i];
  for (guint i = 0; yl_commands[i].name != NULL; i++)
    if (g_str_equal (yl_commands[i].name, first))
      return &yl_commands[i];
  return NULL;
}

static const char *
nearest_command (const char *text)
{
  const char *best = NULL;
  guint least = 3;

  for (guint i = 0; yl_commands[i].name != NULL; i++)
    {
      const char *name = yl_commands[i].name;
      guint d = g_str_has_prefix (name, text) ? 1 : yl_text_distance (text, name);

      if (d < least && d < strlen (name))
        {
          least = d;
          best = name;
        }
    }
  return best;
}

void
yl_command_unknown (const char *first, const char *second, GError **error)
{
  g_autofree char *both = second != NULL ? g_strconcat (first, " ", second, NULL) : NULL;
  const char *near = both != NULL ? nearest_command (both) : NULL;

  if (near == NULL)
    near = nearest_command (first);
  if (near != NULL)
    g_set_error (error, YL_ERROR, YL_ERROR_INVALID, _ ("There is no command `%s`; did you mean `%s`?"), first, near);
  else
    g_set_error (error, YL_ERROR, YL_ERROR_INVALID, _ ("There is no command `%s`; `yuelaictl help` lists them"), first);
}

/* Reads the word that names the command, and a second one where the name has two. */
static guint
read_command (Reader *reader, guint i, GError **error)
{
  const char *first = reader->words[i];
  const char *second = reader->words[i + 1];
  const YlCommand *command = yl_command_find (first, second);

  if (command == NULL)
    {
      yl_command_unknown (first, second, error);
      return 0;
    }
  reader->invocation->command = command;
  reader->usage = yl_usage_parse (command->usage);
  return strchr (command->name, ' ') != NULL ? 2 : 1;
}

static gboolean
read_words (Reader *reader, GError **error)
{
  guint used;

  for (guint i = 0; reader->words[i] != NULL; i += used)
    {
      const char *word = reader->words[i];

      used = 1;
      if (!g_utf8_validate (word, -1, NULL))
        {
          g_set_error (error, YL_ERROR, YL_ERROR_INVALID, _ ("Word %u of the command line is not UTF-8"), i + 1);
          return FALSE;
        }
      if (!reader->only_words && g_str_equal (word, "--"))
        reader->only_words = TRUE;
      else if (!reader->only_words && word[0] == '-' && word[1] != '\0')
        used = read_option (reader, i, error);
      else if (reader->usage == NULL)
        used = read_command (reader, i, error);
      else
        g_ptr_array_add (reader->invocation->arguments, g_strdup (word));
      if (used == 0)
        return FALSE;
    }
  return TRUE;
}

static gboolean
check_complete (Reader *reader, GError **error)
{
  YlInvocation *invocation = reader->invocation;
  const YlCommand *command = invocation->command;
  const YlUsage *usage = reader->usage;
  guint n = invocation->arguments->len;

  if (n < usage->required)
    {
      g_set_error (error, YL_ERROR, YL_ERROR_INVALID, _ ("%s is missing; usage: yuelaictl %s %s"),
                   (char *) g_ptr_array_index (usage->arguments, n), command->name, command->usage);
      return FALSE;
    }
  if (n > usage->arguments->len && !usage->endless)
    {
      g_set_error (error, YL_ERROR, YL_ERROR_INVALID, _ ("`%s` is one word too many; usage: yuelaictl %s %s"),
                   (char *) g_ptr_array_index (invocation->arguments, usage->arguments->len), command->name,
                   command->usage);
      return FALSE;
    }
  for (guint i = 0; i < usage->options->len; i++)
    {
      const YlUsageOption *option = g_ptr_array_index (usage->options, i);

      if (!option->required || g_hash_table_contains (invocation->options, option->name))
        continue;
      g_set_error (error, YL_ERROR, YL_ERROR_INVALID, _ ("--%s is missing; usage: yuelaictl %s %s"), option->name,
                   command->name, command->usage);
      return FALSE;
    }
  return TRUE;
}

/* `COMMAND --help` is `help COMMAND`; `--version` is `help --version`, whatever else was said. */
static void
turn_into_help (Reader *reader)
{
  YlInvocation *invocation = reader->invocation;

  g_ptr_array_set_size (invocation->arguments, 0);
  if (invocation->command != NULL)
    g_ptr_array_add (invocation->arguments, g_strdup (invocation->command->name));
  g_hash_table_remove_all (invocation->options);
  if (reader->version)
    g_hash_table_insert (invocation->options, g_strdup ("version"), NULL);
  invocation->command = yl_command_find ("help", NULL);
}

YlInvocation *
yl_invocation_parse (int argc, char **argv, GError **error)
{
  g_autoptr (YlInvocation) invocation = invocation_new ();
  g_autoptr (YlUsage) global = yl_usage_parse (global_usage);
  Reader reader = { .invocation = invocation, .global = global, .words = argv + MIN (argc, 1) };
  gboolean ok = read_words (&reader, error);

  if (ok && (reader.help || reader.version || reader.usage == NULL))
    turn_into_help (&reader);
  else if (ok)
    ok = check_complete (&reader, error);
  g_clear_pointer (&reader.usage, yl_usage_free);
  /* `lock` reads it as the key file to come; the one until now is then named by the environment. */
  if (ok && invocation->command->run != yl_command_lock)
    yl_lock_set_key_file (invocation->key_file);
  return ok ? g_steal_pointer (&invocation) : NULL;
}

const char *
yl_invocation_argument (YlInvocation *invocation, guint i)
{
  return i < invocation->arguments->len ? g_ptr_array_index (invocation->arguments, i) : NULL;
}

gboolean
yl_invocation_has (YlInvocation *invocation, const char *option)
{
  return g_hash_table_contains (invocation->options, option);
}

const char *
yl_invocation_option (YlInvocation *invocation, const char *option)
{
  GPtrArray *values = g_hash_table_lookup (invocation->options, option);

  return values != NULL ? g_ptr_array_index (values, 0) : NULL;
}

const char **
yl_invocation_strv (YlInvocation *invocation, const char *option)
{
  GPtrArray *values = g_hash_table_lookup (invocation->options, option);
  const char **strv;

  if (values == NULL)
    return NULL;
  strv = g_new0 (const char *, values->len + 1);
  for (guint i = 0; i < values->len; i++)
    strv[i] = g_ptr_array_index (values, i);
  return strv;
}

gboolean
yl_invocation_limit (YlInvocation *invocation, guint *limit, GError **error)
{
  const char *text = yl_invocation_option (invocation, "limit");
  guint64 number = 0;

  if (text != NULL && !g_ascii_string_to_unsigned (text, 10, 1, MAX_LIMIT, &number, NULL))
    {
      g_set_error (error, YL_ERROR, YL_ERROR_INVALID, _ ("--limit %s is not a number from 1 to %d"), text, MAX_LIMIT);
      return FALSE;
    }
  *limit = number;
  return TRUE;
}

const char *
yl_invocation_store_file (YlInvocation *invocation, GError **error)
{
  if (invocation->store_file == NULL || invocation->store_file[0] == '\0')
    {
      g_set_error_literal (error, YL_ERROR, YL_ERROR_INVALID,
                           _ ("No store is named; use --store FILE or set YUELAI_STORE"));
      return NULL;
    }
  return invocation->store_file;
}

YlStore *
yl_invocation_open (YlInvocation *invocation, GError **error)
{
  const char *file = yl_invocation_store_file (invocation, error);
  g_autoptr (YlStore) store = file != NULL ? yl_store_open (file, error) : NULL;

  if (store == NULL || (invocation->actor != NULL && !yl_store_set_actor (store, invocation->actor, error)))
    return NULL;
  g_set_object (&invocation->store, store);
  return g_steal_pointer (&store);
}
