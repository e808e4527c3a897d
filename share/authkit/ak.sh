# A session in the shell that you type in, for bash and zsh.  To be sourced: docs/shells.md.
#
#     ak NAME      leave the session that is set, and set NAME's; log in where there is none
#     ak           leave the session that is set
#     ak_prompt    print "(NAME) ", or "(NAME: expired) ", or nothing: for a prompt

ak() {
  local lines
  if [ $# -gt 1 ]; then
    echo "usage: ak [NAME]" >&2
    return 2
  fi
  if [ -n "${AUTHKIT_IDENTITY-}" ] || [ $# -eq 0 ]; then
    lines=$(command authkit env --unset) || return
    eval "$lines"
  fi
  [ $# -gt 0 ] || return 0
  lines=$(command authkit env -i "$1" 2>/dev/null) || {
    command authkit login -i "$1" && lines=$(command authkit env -i "$1")
  } || return
  eval "$lines"
}

ak_prompt() {
  [ -n "${AWS_SESSION_EXPIRATION-}" ] || return 0
  if [[ $(date -u +%Y-%m-%dT%H:%M:%SZ) > $AWS_SESSION_EXPIRATION ]]; then
    printf '(%s: expired) ' "${AUTHKIT_IDENTITY-}"
  else
    printf '(%s) ' "${AUTHKIT_IDENTITY-}"
  fi
}

# `ak` is completed as `authkit env -i` is.
if [ -n "${BASH_VERSION-}" ]; then
  _ak_folder=${BASH_SOURCE[0]%/*}
  _ak() {
    declare -F _authkit >/dev/null || . "$_ak_folder/../bash-completion/completions/authkit"
    local COMP_LINE="authkit env -i${COMP_LINE#ak}" COMP_CWORD=$((COMP_CWORD + 2))
    local -a COMP_WORDS=(authkit env -i "${COMP_WORDS[@]:1}")
    _authkit authkit "$2"
  }
  complete -F _ak ak
elif [ -n "${functions[compdef]-}" ]; then
  _ak() {
    words=(authkit env -i "${(@)words[2,-1]}")
    (( CURRENT += 2 ))
    _authkit
  }
  compdef _ak ak
fi
