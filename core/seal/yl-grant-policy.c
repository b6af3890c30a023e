#include "seal/yl-grant-policy.h"

#include "base/yl-i18n.h"

/* In the order of YlGrantVerdict. */
static const struct
{
  const char *word;
  const char *sentence;
} verdicts[] = {
  { "head_office", N_ ("head office keeps everybody's file") },
  { "home", N_ ("the person's own store") },
  { "serves", N_ ("has promised her or serves them") },
  { "colleague", N_ ("a colleague") },
  { "wrote", N_ ("wrote it down itself") },
  { "not_enrolled", N_ ("no PC of this company") },
  { "revoked", N_ ("a PC that was turned out") },
  { "erased", N_ ("the person's particulars were erased") },
  { "other_store", N_ ("another store's person") },
  { "other_class", N_ ("only the person's own store reads this") },
};

static gboolean
serving_needs (YlDisclosure disclosure)
{
  return disclosure == YL_SEALED_CONTACT || disclosure == YL_SEALED_ADDRESS;
}

YlGrantVerdict
yl_grant_policy (const YlGrantFacts *facts, YlDisclosure disclosure)
{
  /* Whatever a node is otherwise: these come first. */
  if (facts->unknown)
    return YL_GRANT_NOT_ENROLLED;
  if (facts->revoked)
    return YL_GRANT_REVOKED;
  if (facts->erased)
    return YL_GRANT_ERASED;
  if (facts->head_office)
    return YL_GRANT_HEAD_OFFICE;
  if (facts->home)
    return YL_GRANT_HOME;
  if (facts->wrote)
    return YL_GRANT_WROTE;
  if (facts->serves && serving_needs (disclosure))
    return YL_GRANT_SERVES;
  if (facts->colleague && disclosure == YL_SEALED_CONTACT)
    return YL_GRANT_COLLEAGUE;
  return facts->serves || facts->colleague ? YL_GRANT_OTHER_CLASS : YL_GRANT_OTHER_STORE;
}

gboolean
yl_grant_allows (YlGrantVerdict verdict)
{
  return verdict <= YL_GRANT_WROTE;
}

const char *
yl_grant_word (YlGrantVerdict verdict)
{
  return verdicts[verdict].word;
}

YlGrantVerdict
yl_grant_from_word (const char *word)
{
  for (guint i = 0; i < G_N_ELEMENTS (verdicts); i++)
    if (g_strcmp0 (verdicts[i].word, word) == 0)
      return i;
  return YL_GRANT_NOT_ENROLLED;
}

const char *
yl_grant_sentence (YlGrantVerdict verdict)
{
  return _ (verdicts[verdict].sentence);
}

const char *
yl_disclosure_word (YlDisclosure disclosure)
{
  static const char *const words[] = { "open", "contact", "address", "identity", "finance", "notes" };

  return (guint) disclosure < G_N_ELEMENTS (words) ? words[disclosure] : "unknown";
}
