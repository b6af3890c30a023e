#include "yl-usage.h"

#include <string.h>

static void
option_free (gpointer data)
{
  YlUsageOption *option = data;

  g_free (option->name);
  g_free (option->argument);
  g_free (option);
}

void
yl_usage_free (YlUsage *usage)
{
  g_ptr_array_unref (usage->arguments);
  g_ptr_array_unref (usage->options);
  g_free (usage);
}

static YlUsageOption *
add_option (YlUsage *usage, const char *name, gboolean required)
{
  YlUsageOption *option = g_new0 (YlUsageOption, 1);

  option->name = g_strdup (name);
  option->required = required;
  g_ptr_array_add (usage->options, option);
  return option;
}

static void
add_argument (YlUsage *usage, const char *name, gboolean required, gboolean repeated)
{
  g_ptr_array_add (usage->arguments, g_strdup (name));
  if (required)
    usage->required++;
  usage->endless |= repeated;
}

/* The word without brackets and dots. */
static char *
bare_word (const char *token)
{
  const char *start = token[0] == '[' ? token + 1 : token;
  gsize length = strlen (start);

  if (g_str_has_suffix (start, "…"))
    length -= strlen ("…");
  if (length > 0 && start[length - 1] == ']')
    length--;
  return g_strndup (start, length);
}

YlUsage *
yl_usage_parse (const char *line)
{
  YlUsage *usage = g_new0 (YlUsage, 1);
  g_auto (GStrv) tokens = g_strsplit (line, " ", -1);
  YlUsageOption *open = NULL; /* the option whose value may come next */
  YlUsageOption *last = NULL;
  gboolean optional = FALSE;

  usage->arguments = g_ptr_array_new_with_free_func (g_free);
  usage->options = g_ptr_array_new_with_free_func (option_free);
  for (guint i = 0; tokens[i] != NULL; i++)
    {
      g_autofree char *word = bare_word (tokens[i]);
      gboolean repeated = g_str_has_suffix (tokens[i], "…");

      if (word[0] == '\0')
        continue;
      optional |= tokens[i][0] == '[';
      if (g_str_has_prefix (word, "--"))
        open = last = add_option (usage, word + 2, !optional);
      else if (open != NULL)
        {
          open->argument = g_steal_pointer (&word);
          open = NULL;
        }
      else
        {
          add_argument (usage, word, !optional, repeated);
          last = NULL;
        }
      if (last != NULL)
        last->repeatable |= repeated;
      if (strchr (tokens[i], ']') != NULL)
        {
          optional = FALSE;
          open = NULL;
        }
    }
  return usage;
}

const YlUsageOption *
yl_usage_option (const YlUsage *usage, const char *name)
{
  for (guint i = 0; i < usage->options->len; i++)
    {
      const YlUsageOption *option = g_ptr_array_index (usage->options, i);

      if (g_str_equal (option->name, name))
        return option;
    }
  return NULL;
}
