#pragma once

#include <gio/gio.h>

#include "yl-record.h"

G_BEGIN_DECLS

/* What a column is. The kind says how people type it, how it is checked and how it is stored. */
typedef enum
{
  YL_KIND_TEXT,      /* TEXT; trimmed, no control characters, at most `max` characters */
  YL_KIND_NOTE,      /* TEXT; free text, lines allowed */
  YL_KIND_INTEGER,   /* INTEGER within min..max */
  YL_KIND_MONEY,     /* INTEGER, fen */
  YL_KIND_MINUTES,   /* INTEGER, minutes */
  YL_KIND_INSTANT,   /* INTEGER, UTC ms; typed and shown as ISO 8601 in company time */
  YL_KIND_DATE,      /* TEXT, YYYY-MM-DD, a civil date with no zone */
  YL_KIND_CODE,      /* TEXT, one code of the list `of`; Chinese labels are read too */
  YL_KIND_CODES,     /* TEXT, comma list of codes of `of`, sorted: for small closed sets that change as one */
  YL_KIND_REF,       /* TEXT, id of a record of table `of`; short numbers are read too */
  YL_KIND_BOOLEAN,   /* INTEGER 0 or 1 */
  YL_KIND_DEGREES,   /* INTEGER, millionths of a degree; typed and shown as a decimal number */
  YL_KIND_PHONE,     /* TEXT, 11 digits 1[3-9]… */
  YL_KIND_ID_NUMBER, /* TEXT, GB 11643-1999, 18 characters */
} YlKind;

/* Who may read a column: open to every node that carries the row, or sealed under a key of its class (design: the seal). */
typedef enum
{
  YL_OPEN,
  YL_SEALED_CONTACT,
  YL_SEALED_ADDRESS,
  YL_SEALED_IDENTITY,
  YL_SEALED_FINANCE,
  YL_SEALED_NOTES,
} YlDisclosure;

typedef enum
{
  YL_FIELD_PLAIN = 0,
  YL_FIELD_REQUIRED = 1 << 0, /* the door refuses a local row without it */
  YL_FIELD_FIXED = 1 << 1,    /* set at insert, never changed: rights may depend on it */
  YL_FIELD_NUMBER = 1 << 2,   /* the short number people see; made by the door when absent */
  YL_FIELD_UNIQUE = 1 << 3,   /* the door refuses a second local use; merges never do */
  YL_FIELD_FILLED = 1 << 4,   /* follows from the rest of its register: nobody types it, no conflict shows it */
} YlFieldFlags;

/**
 * YlField: one column, marked sealed or open here and nowhere else. A sealed column is BLOB in SQL.
 * @of: code list of a CODE(S) or of a labelled INTEGER, table of a REF.
 * @with: first column of the register this one belongs to, when columns mean something only together.
 * @zh, @en: what people call it; both are read at import.
 */
struct _YlField
{
  const char *name;
  YlKind kind;
  YlDisclosure disclosure;
  YlFieldFlags flags;
  const char *of;
  const char *with;
  gint64 min;
  gint64 max;
  const char *zh;
  const char *en;
};

/**
 * YlSet: a set of codes kept as one row per element in @table (add wins), typed and shown as one comma list:
 * `infant:3,newborn:2` where the element has a level. The element's id derives from owner and code.
 */
typedef struct
{
  const char *name;
  const char *table;
  const char *owner;
  const char *code;
  const char *level;        /* NULL: no level */
  const char *fixed_column; /* a column with the same value in every element of this set, or NULL … */
  const char *fixed_value;  /* … and that value */
  const char *zh;
  const char *en;
} YlSet;

/* Who may write a table (design: authority and rights). Checked on every node alike, from open, fixed columns only. */
typedef enum
{
  YL_RIGHT_ANY_SITE,    /* every enrolled node */
  YL_RIGHT_HEAD_OFFICE, /* head office alone */
  YL_RIGHT_CONFIRMER,   /* the confirming node of the site in the fixed column `site` */
  YL_RIGHT_PEN,         /* a PC, as the first entry of a further pen */
  YL_RIGHT_OWN_NODE,    /* every enrolled node, about itself: the fixed column `node` is its own */
  YL_RIGHT_AUTHORITY,   /* the company's authority key alone: the authority chain */
} YlRight;

/**
 * YlCheckFunc: what a record must hold beyond its fields' own rules; may fill in what follows from the rest of @after.
 * @before: NULL for an insert. Errors: YL_ERROR_INVALID, YL_ERROR_REFUSED.
 */
typedef gboolean (*YlCheckFunc) (YlStore *store, const YlRecord *before, YlRecord *after, GError **error);

typedef enum
{
  YL_TABLE_PLAIN = 0,
  YL_TABLE_INSERT_ONLY = 1 << 0, /* facts: claims, events, rulings; never updated or deleted */
  YL_TABLE_ELEMENT = 1 << 1,     /* elements of a set; hidden from people, reached through the owner */
  YL_TABLE_DERIVED = 1 << 2,     /* computed on every node alike, never written or sent: booking, order_state */
} YlTableFlags;

/**
 * YlTable: a replicated (or derived) table. One C file in core/records holds it, one SQL file creates it.
 * @person: whose keys seal the row's sealed columns: "id" = the row itself, a column, or a column of what a column refers to
 *          ("claim.worker").
 * @number_prefix: letters before a short number, "" for none; NULL where rows have no short number.
 */
struct _YlTable
{
  const char *name;
  YlTableFlags flags;
  YlRight right;
  const char *person;
  const char *number_prefix;
  const char *zh;
  const char *en;
  const YlField *fields; /* ends with a field without name */
  const YlSet *sets;     /* ends with a set without name; may be NULL */
  YlCheckFunc check;
};

/** yl_tables: every table, NULL-terminated, in an order in which references point backwards. */
const YlTable *const *yl_tables (void);
/** yl_table_find: NULL if there is none of that name. */
const YlTable *yl_table_find (const char *name);
/** yl_table_lookup: as yl_table_find() with an error that lists what there is. Errors: YL_ERROR_INVALID. */
const YlTable *yl_table_lookup (const char *name, GError **error);

/** yl_table_field: the index of the field, or -1. */
int yl_table_field (const YlTable *table, const char *name);
guint yl_table_n_fields (const YlTable *table);
/** yl_table_set: by name, Chinese or English label; NULL if there is none. */
const YlSet *yl_table_set (const YlTable *table, const char *name);
/** yl_table_field_lookup: by name, Chinese or English label. Errors: YL_ERROR_INVALID, naming near ones. */
const YlField *yl_table_field_lookup (const YlTable *table, const char *name, GError **error);
/** yl_field_register: the name of the register the field belongs to. */
const char *yl_field_register (const YlField *field);

/**
 * yl_field_parse: reads what a person typed into the stored, plain form, and checks it by the field's own rules.
 * @store: to look up short numbers; may be NULL, then only ids are read. Empty text gives NULL.
 * Errors: YL_ERROR_INVALID with a sentence naming field, value and what is expected; YL_ERROR_NOT_FOUND for references.
 */
gboolean yl_field_parse (const YlField *field, YlStore *store, const char *text, YlValue *value, GError **error);
/** yl_field_format: the stored, plain form as text that yl_field_parse() reads back. NULL for a null value. */
char *yl_field_format (const YlField *field, const YlValue *value);

/** YlElement: one element of a set. @level: 0 = none given. */
typedef struct
{
  char *code;
  gint64 level;
} YlElement;

/**
 * yl_set_parse: reads a comma list such as `infant:3,newborn:2` (Chinese signs and labels too), in any order.
 * @store: as for yl_field_parse().
 * Returns: (element-type YlElement) sorted by code, each code once; elements belong to the array.
 * Errors: YL_ERROR_INVALID, YL_ERROR_NOT_FOUND.
 */
GArray *yl_set_parse (const YlSet *set, YlStore *store, const char *list, GError **error);
/** yl_set_format: as yl_set_parse() reads it, `""` for an empty set. */
char *yl_set_format (const GArray *elements);

G_END_DECLS
