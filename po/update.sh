#!/usr/bin/env bash
# Merges the texts of the sources into po/*.po.
#
#   po/update.sh           brings POTFILES and every translation up to date; new texts are left to translate
#   po/update.sh --check   changes nothing; fails when a text has no translation

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

files=$(mktemp)
template=$(mktemp)
trap 'rm -f "$files" "$template"' EXIT

# Files with texts for people, in a stable order.
{
  grep -rlE --include='*.c' --include='*.h' '\b(N?_|NC?_|C_|(g_d)?n?gettext) \(' core sync gui || true
  grep -rlE --include='*.ui' 'translatable="yes"' gui || true
  ls data/*.desktop.in data/*.metainfo.xml.in
} | LC_ALL=C sort > "$files"

xgettext --files-from="$files" --output="$template" --from-code=UTF-8 --add-comments=Translators --package-name=yuelai --add-location=file \
  --keyword=_ --keyword=N_ --keyword=C_:1c,2 --keyword=NC_:1c,2 --keyword=g_dngettext:2,3 --flag=g_set_error:4:c-format \
  --flag=g_strdup_printf:1:c-format
sed -i 's/charset=CHARSET/charset=UTF-8/' "$template"

if [[ ${1:-} == --check ]]; then
  diff --unified "$files" po/POTFILES || { echo "po/POTFILES is old: run po/update.sh" >&2; exit 1; }
  while read -r language; do
    msgfmt --check --output-file=/dev/null "po/$language.po"
    msgcmp "po/$language.po" "$template"
  done < po/LINGUAS
else
  cp "$files" po/POTFILES
  while read -r language; do
    msgmerge --quiet --update --backup=none --no-fuzzy-matching "po/$language.po" "$template"
    msgfmt --statistics --output-file=/dev/null "po/$language.po"
  done < po/LINGUAS
fi
