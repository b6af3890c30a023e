#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define YL_TYPE_FACTS (yl_facts_get_type ())
/** YlFacts: a small table of names and values. */
G_DECLARE_FINAL_TYPE (YlFacts, yl_facts, YL, FACTS, AdwBin)

void yl_facts_clear (YlFacts *facts);
/** yl_facts_add: nothing for an empty value. */
void yl_facts_add (YlFacts *facts, const char *name, const char *value);
/** yl_facts_add_widget: a value with something to press. */
void yl_facts_add_widget (YlFacts *facts, const char *name, GtkWidget *value);

G_END_DECLS
