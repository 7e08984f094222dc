# Sourced by the launchers: installs what a fresh Debian machine lacks, and builds what has changed.
# Everything it says goes to standard error, so that a command's own output stays clean.

say() { printf '%s\n' "$*" >&2; }

# need COMMAND_OR_FILE PACKAGE…: remembers the packages when the command, or the file, is not there.
missing_packages=()
need() {
  local what=$1
  shift
  if [[ $what == /* ]]; then
    [[ -e $what ]] || missing_packages+=("$@")
  else
    command -v "$what" >/dev/null 2>&1 || missing_packages+=("$@")
  fi
}

need_package() {
  [[ $(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null) == installed ]] || missing_packages+=("$1")
}

install_missing() {
  [[ ${#missing_packages[@]} -eq 0 ]] && return 0
  local packages=("${missing_packages[@]}")
  missing_packages=()
  if [[ $(id -u) -ne 0 ]] || ! command -v apt-get >/dev/null 2>&1; then
    say "Not installed: ${packages[*]}. Run once: sudo apt-get install --no-install-recommends ${packages[*]}"
    exit 2
  fi
  say "Installing ${packages[*]} (once; takes some minutes) …"
  local log=$root/.setup/apt.log
  # RUNLEVEL=1: servers such as Prometheus are started by us with our own configuration, not by their packages.
  if ! { apt-get update && DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -y --no-install-recommends "${packages[@]}"; } >"$log" 2>&1; then
    say "apt-get could not install them: $(grep -m1 '^E:' "$log" || tail -n 1 "$log")"
    exit 2
  fi
}

require_build_tools() {
  if ! command -v dotnet >/dev/null 2>&1; then
    say "The .NET SDK 10 is not installed. See https://learn.microsoft.com/dotnet/core/install/linux-debian"
    exit 2
  fi
  # esbuild and TypeScript, which build the live page, run on Node.js.
  need node nodejs
  need npm npm
  install_missing
}

# newer_sources STAMP PATH…: whether anything under the paths changed since the stamp.
newer_sources() {
  local stamp=$1
  shift
  [[ ! -e $stamp ]] || [[ -n $(find "$@" \( -name bin -o -name obj -o -name node_modules -o -name wwwroot \) -prune \
    -o -type f -newer "$stamp" -print -quit) ]]
}

# build STAMP PROJECT: a Release build, skipped when nothing changed since the stamp.
build() {
  local stamp=$root/.setup/$1 project=$2 built device
  # TORCH_DEVICE=cuda takes the packages of libtorch that use NVIDIA's devices; without it the choice of the last build stays.
  built=$(cat "$root/.setup/device" 2>/dev/null || echo cpu)
  device=${TORCH_DEVICE:-$built}
  if [[ $device != "$built" ]]; then
    rm -f "$root"/.setup/{host,solution,bench}
    echo "$device" >"$root/.setup/device"
  fi
  if ! newer_sources "$stamp" "$root/src" "$root/tests" "$root/bench" "$root/tools" "$root/examples" "$root/eng" "$root"/*.props "$root"/*.targets "$root/global.json"; then
    return 0
  fi
  [[ -e $stamp ]] || say "Building (the first time takes some minutes) …"
  touch "$stamp.next"
  local log=$root/.setup/build.log
  if ! dotnet build "$project" --configuration Release --nologo --verbosity quiet -p:TorchDevice="$device" >"$log" 2>&1; then
    say "The build failed:"
    grep -E 'error|Error' "$log" | sort -u | head -n 20 >&2 || tail -n 20 "$log" >&2
    exit 1
  fi
  mv "$stamp.next" "$stamp"
}

prepare_environment() {
  mkdir -p "$root/.setup"
  export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_CLI_UI_LANGUAGE=en
  # Waiting threads of libtorch must not spin beside those of other processes. It must be set before the process starts.
  export OMP_WAIT_POLICY=${OMP_WAIT_POLICY:-PASSIVE}
}
