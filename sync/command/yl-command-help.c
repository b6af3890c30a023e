/* help, --help, --version. Examples first: people read no further. */
#include <string.h>

#include "base/yl-i18n.h"
#include "yl-invocation.h"
#include "yl-output.h"

typedef struct
{
  const char *command;
  const char *lines[5]; /* NULL-terminated */
} Examples;

static const Examples examples[] = {
  { "init", { "yuelaictl --store head-office.yuelai init --company 悦来家政 --code YL --hub http://127.0.0.1:8470" } },
  { "site add", { "yuelaictl site add CY 朝阳店 --lat 39.92 --lon 116.44" } },
  { "invite", { "yuelaictl invite CY", "yuelaictl invite CY --approved" } },
  { "approve", { "yuelaictl approve 482913" } },
  { "join", { "yuelaictl --store chaoyang.yuelai join CODE" } },
  { "import", { "yuelaictl import worker workers.csv --dry-run", "yuelaictl import worker workers.csv" } },
  { "add",
    { "yuelaictl add worker name=王芳 phone=13800138000 job_types=cleaning service_mode=hourly",
      "yuelaictl add order customer=KCYA0001 service_type=cleaning start=2026-12-01T09:00 minutes=180" } },
  { "set",
    { "yuelaictl set worker CYA0001 expected_wage=5600 wage_unit=hour",
      "yuelaictl set worker CYA0001 skills=infant:3,newborn:2" } },
  { "remove", { "yuelaictl remove availability 0193a1f0-5c1e-7c3a-9d55-3f0c8a4b1e22" } },
  { "get", { "yuelaictl get worker CYA0001", "yuelaictl --json get order DCYA0001" } },
  { "list",
    { "yuelaictl list order --where state=matching --where cause=overruled",
      "yuelaictl list worker --where job_types=cleaning --limit 20" } },
  { "attach",
    { "yuelaictl attach worker CYA0001 wangfang.jpg", "yuelaictl attach order DCYA0001 signed.pdf --kind contract" } },
  { "attachment list", { "yuelaictl attachment list worker CYA0001" } },
  { "attachment get", { "yuelaictl attachment get 0193a1f0-5c1e-7c3a-9d55-3f0c8a4b1e22 photo.jpg" } },
  { "attachment remove", { "yuelaictl attachment remove 0193a1f0-5c1e-7c3a-9d55-3f0c8a4b1e22" } },
  { "today", { "yuelaictl today", "yuelaictl --json today" } },
  { "match", { "yuelaictl match DCYA0001", "yuelaictl --json match DCYA0001 --limit 5" } },
  { "book",
    { "yuelaictl book DCYA0001 CYA0001 2026-12-01T09:00 2026-12-01T12:00", "yuelaictl book DCYA0001 CYA0001",
      "yuelaictl book DCYA0001 CYA0001 --force --reason \"the customer knows her\"" } },
  { "dropout", { "yuelaictl dropout 0193a1f0-5c1e-7c3a-9d55-3f0c8a4b1e22 --reason \"she is ill\"" } },
  { "lock", { "yuelaictl lock --keyring", "yuelaictl lock --passphrase", "yuelaictl lock --key-file hub.key" } },
  { "sync",
    { "yuelaictl sync", "yuelaictl sync --with http://192.168.1.20:8470", "yuelaictl sync --history",
      "yuelaictl --json sync --watch" } },
  { "bundle write", { "yuelaictl bundle write stick.ylb --for CY-A", "yuelaictl bundle write everything.ylb" } },
  { "bundle read", { "yuelaictl bundle read stick.ylb" } },
  { "hub",
    { "yuelaictl --store head-office.yuelai hub --listen 127.0.0.1:8470",
      "yuelaictl --store chaoyang.yuelai hub --relay --listen 192.168.1.20:8470" } },
  { "status", { "yuelaictl status || test $? = 3 && echo somebody should look" } },
  { "conflicts", { "yuelaictl conflicts", "yuelaictl --json conflicts" } },
  { "resolve",
    { "yuelaictl resolve worker CYA0001 phone --take 2", "yuelaictl resolve worker CYA0001 intro --value 会做北方菜",
      "yuelaictl resolve worker expected_wage --all-of newest" } },
  { "duplicates", { "yuelaictl duplicates" } },
  { "merge", { "yuelaictl merge worker CYA0001 GMA0007" } },
  { "unmerge", { "yuelaictl unmerge worker CYA0001" } },
  { "tell-apart", { "yuelaictl tell-apart worker CYA0001 GMA0007" } },
  { "grants", { "yuelaictl grants CYA0001", "yuelaictl --json grants CYK0003" } },
  { "rotate-keys", { "yuelaictl rotate-keys --node CY-B --cause lost", "yuelaictl rotate-keys CYA0001" } },
  { "erase",
    { "yuelaictl erase CYA0001 --cause asked", "yuelaictl erase --status CYA0001",
      "yuelaictl --json erase --status" } },
  { "as-of",
    { "yuelaictl as-of 2026-12-01T09:00 worker CYA0001",
      "yuelaictl as-of 2026-12-01T09:00 order DCYA0001 --seen-by 5f6d3c2b1a098877:12" } },
  { "log", { "yuelaictl log", "yuelaictl log worker CYA0001", "yuelaictl log worker CYA0001 --fetch" } },
  { "node list", { "yuelaictl node list" } },
  { "node revoke", { "yuelaictl node revoke CY-A --lost" } },
  { "staff disable", { "yuelaictl staff disable CY01" } },
  { "review list", { "yuelaictl review list" } },
  { "review show", { "yuelaictl review show 0123456789abcdef:12:00112233aabbccdd" } },
  { "review accept", { "yuelaictl review accept 0123456789abcdef:12:00112233aabbccdd" } },
  { "review drop", { "yuelaictl review drop 0123456789abcdef:12:00112233aabbccdd" } },
  { "log verify", { "yuelaictl log verify" } },
  { "log export", { "yuelaictl log export audit.git && git -C audit.git log --all" } },
  { "auditor add",
    { "yuelaictl auditor add kpmg", "git clone https://hub.example:8470/v1/git audit.git", "git -C audit.git fetch" } },
  { "auditor list", { "yuelaictl auditor list" } },
  { "auditor remove", { "yuelaictl auditor remove kpmg" } },
  { "checkpoint", { "yuelaictl checkpoint" } },
  { "checkpoint make", { "yuelaictl --store head-office.yuelai checkpoint make" } },
  { "checkpoint verify", { "yuelaictl checkpoint verify" } },
  { "backup", { "yuelaictl --store head-office.yuelai backup /media/usb/2026-12-01.yuelai" } },
  { "backup verified", { "yuelaictl --store head-office.yuelai backup verified /media/usb/2026-12-01.yuelai" } },
  { "prune", { "yuelaictl prune", "yuelaictl prune --over 500 --older 365" } },
  { "state-hash", { "yuelaictl state-hash" } },
  { "fsck", { "yuelaictl fsck", "yuelaictl fsck --repair" } },
  { "rebuild", { "yuelaictl rebuild" } },
  { "demo", { "yuelaictl demo --dir chain" } },
  { "help", { "yuelaictl help", "yuelaictl help log export" } },
};

static void
print_list (YlOutput *output)
{
  yl_output_line (output, "%s", _ ("usage: yuelaictl --store FILE [--as STAFF] [--json] COMMAND …"));
  yl_output_end_row (output);
  for (guint i = 0; yl_commands[i].name != NULL; i++)
    yl_output_line (output, "  %-18s%s", yl_commands[i].name, _ (yl_commands[i].summary));
  yl_output_end_row (output);
  yl_output_line (
      output, "%s",
      _ ("YUELAI_STORE=FILE stands for --store FILE. `yuelaictl help COMMAND` shows examples; yuelaictl(1) says it all."));
}

static void
print_command (YlOutput *output, const YlCommand *command)
{
  for (guint i = 0; i < G_N_ELEMENTS (examples); i++)
    for (guint j = 0; g_str_equal (examples[i].command, command->name) && examples[i].lines[j] != NULL; j++)
      yl_output_line (output, "  %s", examples[i].lines[j]);
  yl_output_end_row (output);
  yl_output_line (output, "yuelaictl %s: %s", command->name, _ (command->summary));
  yl_output_line (output, _ ("usage: yuelaictl %s %s"), command->name, command->usage);
}

static void
print_list_json (YlOutput *output)
{
  yl_output_begin_array (output, NULL);
  for (guint i = 0; yl_commands[i].name != NULL; i++)
    {
      yl_output_begin_object (output, NULL);
      yl_output_text (output, "command", yl_commands[i].name);
      yl_output_text (output, "usage", yl_commands[i].usage);
      yl_output_text (output, "summary", _ (yl_commands[i].summary));
      yl_output_end_object (output);
    }
  yl_output_end_array (output);
}

gboolean
yl_command_help (YlInvocation *invocation, GError **error)
{
  g_autoptr (YlOutput) output = yl_output_new ();
  g_autofree char *name = NULL;
  const YlCommand *command = NULL;

  if (yl_invocation_has (invocation, "version"))
    return yl_output_result (invocation->json, error, "yuelaictl " YL_VERSION, "version", YL_VERSION, NULL);
  g_ptr_array_add (invocation->arguments, NULL);
  name = g_strjoinv (" ", (char **) invocation->arguments->pdata);
  for (guint i = 0; yl_commands[i].name != NULL && name[0] != '\0'; i++)
    if (g_str_equal (yl_commands[i].name, name))
      command = &yl_commands[i];
  if (name[0] != '\0' && command == NULL)
    {
      yl_command_unknown (name, NULL, error);
      return FALSE;
    }
  if (command != NULL)
    print_command (output, command);
  else if (invocation->json)
    print_list_json (output);
  else
    print_list (output);
  return yl_output_flush (output, error);
}
