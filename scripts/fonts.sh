#!/usr/bin/env bash
# The Noto CJK fonts, which drawn documents and plates use: from Debian where we may install packages, else a word on how.
# Nothing fails without them; the tests that draw say that they are skipped.
set -euo pipefail
folders=(/usr/share/fonts /usr/local/share/fonts "$HOME/.local/share/fonts" "$HOME/.fonts" /Library/Fonts "$HOME/Library/Fonts")
for folder in "${folders[@]}"; do
  if [ -d "$folder" ] && [ -n "$(find "$folder" -iname 'NotoS*CJK*' -print -quit)" ]; then exit 0; fi
done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  export DEBIAN_FRONTEND=noninteractive
  if apt-get install -y -qq fonts-noto-cjk >/dev/null 2>&1; then exit 0; fi
  if apt-get update -qq >/dev/null 2>&1 && apt-get install -y -qq fonts-noto-cjk >/dev/null 2>&1; then exit 0; fi
fi
echo "The Noto CJK fonts are missing: install fonts-noto-cjk (Debian, Ubuntu) or google-noto-sans-cjk-fonts (Fedora)." >&2
echo "Until then, the tests that draw documents and plates are skipped." >&2
