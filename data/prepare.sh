# What ./run and ./check have in common: Debian packages and the build. Sourced, not run.

# say ZH EN: one line, in the language of the locale.
say ()
{
  case ${LC_ALL:-${LC_MESSAGES:-${LANG:-}}} in
    zh*) printf '%s\n' "$1" ;;
    *) printf '%s\n' "$2" ;;
  esac
}

# missing_packages PURPOSE...: names in data/packages for these purposes that are not installed.
missing_packages ()
{
  comm -23 \
    <(awk -v purposes=" $* " 'index (purposes, " " $1 " ") { print $2 }' data/packages | sort) \
    <(dpkg-query --show --showformat '${db:Status-Status} ${Package}\n' | awk '$1 == "installed" { print $2 }' | sort)
}

# need_packages PURPOSE...: installs what is missing; asks first unless root. Does not touch apt when all is there.
need_packages ()
{
  local missing as_root=() apt
  if ! command -v apt-get dpkg-query > /dev/null; then
    say "这里没有 apt;data/packages 列出了所需的软件包。" "There is no apt here; data/packages lists what is needed." >&2
    return
  fi

  mapfile -t missing < <(missing_packages "$@")
  (( ${#missing[@]} > 0 )) || return 0

  if (( EUID != 0 )); then
    as_root=(sudo)
    say "需要安装 ${#missing[@]} 个 Debian 软件包:${missing[*]}" \
        "${#missing[@]} Debian packages are needed: ${missing[*]}" >&2
    read -r -p "$(say '用 sudo apt-get 安装吗?[y/N] ' 'Install them with sudo apt-get? [y/N] ')" answer || answer=
    [[ $answer == [yY]* ]] || return 1
  fi

  apt=(env LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300)
  say "正在安装 ${#missing[@]} 个软件包……" "Installing ${#missing[@]} packages …" >&2
  "${as_root[@]}" "${apt[@]}" update
  "${as_root[@]}" "${apt[@]}" install --yes --no-install-recommends "${missing[@]}" > /dev/null
}

# build_in DIR OPTION...: configures DIR once with these meson options, and builds what changed.
build_in ()
{
  local dir=$1
  shift
  if [[ ! -f $dir/build.ninja ]]; then
    say "正在编译,需要一两分钟……" "Building; this takes a minute or two …" >&2
    mkdir -p "$dir"
    if ! /usr/bin/meson setup "$dir" "$@" > "$dir.log"; then
      cat "$dir.log" >&2
      return 1
    fi
  fi
  /usr/bin/ninja -C "$dir" --quiet
}
