#!/bin/sh
# Finds a Chromium for the browser tests, or installs one; says so plainly when it cannot.
for name in chromium-headless-shell chromium chromium-browser google-chrome; do
    command -v "$name" >/dev/null 2>&1 && exit 0
done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing Debian's chromium for the browser tests..."
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq
    for name in chromium-headless-shell chromium; do  # the shell is a fifth faster; old systems have none
        apt-get install -y -qq "$name" >/dev/null 2>&1 && exit 0
    done
fi
.venv/bin/python -m playwright install chromium && exit 0
echo "The browser tests need Chromium: install the package 'chromium' or Google Chrome." >&2
exit 1
