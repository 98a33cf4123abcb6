#!/usr/bin/env bash
# Fonts that drawn documents and plates use: from Debian where packages may be installed, else a word on how. The product
# needs none of them. Nothing fails here; tests that draw say so themselves where a font is missing.
set -euo pipefail
if [ "$(uname)" != Linux ]; then exit 0; fi
fonts=/usr/share/fonts
declare -A file_of=(
  [fonts-noto-cjk]=opentype/noto/NotoSansCJK-Regular.ttc
  [fonts-wqy-microhei]=truetype/wqy/wqy-microhei.ttc
  [fonts-wqy-zenhei]=truetype/wqy/wqy-zenhei.ttc
  [fonts-arphic-uming]=truetype/arphic/uming.ttc
  [fonts-lxgw-wenkai]=truetype/lxgw-wenkai/LXGWWenKai-Regular.ttf
  [fonts-liberation]=truetype/liberation/LiberationSans-Regular.ttf
  [fonts-dejavu-extra]=truetype/dejavu/DejaVuSansCondensed.ttf
)
missing() {
  for package in "${!file_of[@]}"; do
    if [ ! -e "$fonts/${file_of[$package]}" ]; then echo "$package"; fi
  done | sort
}

if [ -z "$(missing)" ]; then exit 0; fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  export DEBIAN_FRONTEND=noninteractive
  echo "installing fonts for the tests that draw: $(missing | tr '\n' ' ')"
  install() { apt-get install -y -qq --no-install-recommends "$@" </dev/null >/dev/null 2>&1; }
  # shellcheck disable=SC2046  # one word per package
  install $(missing) || { apt-get update -qq >/dev/null 2>&1 && install $(missing); } ||
    for package in $(missing); do install "$package" || true; done
fi
if [ -n "$(missing)" ]; then
  echo "Fonts are missing, and tests that draw with them are skipped: $(missing | tr '\n' ' ')" >&2
  echo "On Debian or Ubuntu: sudo apt-get install $(missing | tr '\n' ' ')" >&2
fi
