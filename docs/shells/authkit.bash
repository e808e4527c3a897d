
# What follows is authkit's own: docs/shells/authkit.bash.  It hands shtab's function a line in
# which each word is one (bash splits words at COMP_WORDBREAKS too, as me@acme or --format=sh),
# and leaves the command that exec runs to that command's own completion.

# Prints the identities that begin with $1; a blank in a name is escaped.
_authkit_identities() {
  local IFS=$'\n' name
  for name in $(command authkit complete-identities 2>/dev/null); do
    [[ $name == "$1"* ]] && printf '%s\n' "$name"
  done
}

# Prints the files that begin with $1, which may have blanks.
_authkit_files() {
  compgen -f -- "$1"
}

# Sets words and cword like COMP_WORDS and COMP_CWORD, and in first[i] the place of words[i] in
# COMP_WORDS.
_authkit_join() {
  local line=$COMP_LINE i
  words=() first=() cword=0
  for ((i = 0; i <= COMP_CWORD; i++)); do
    if [[ $i -eq 0 || $line == [[:blank:]]* ]]; then
      line=${line#"${line%%[![:blank:]]*}"}
      words+=("") first+=("$i")
    fi
    cword=$((${#words[@]} - 1))
    words[cword]+=${COMP_WORDS[i]}
    line=${line#"${COMP_WORDS[i]}"}
  done
}

# Sets child to the place in words of the command that exec runs, or -1 before there is one.
_authkit_child() {
  local i name="" identity=""
  child=-1
  for ((i = 1; i <= cword; i++)); do
    case ${words[i]} in
      --) [[ $i -lt $cword && $name == exec ]] && child=$((i + 1)); return ;;
      -i* | -p* | --identity=* | --profile=*) identity=option ;;
      --identity | --profile) identity=option; ((i++)); continue ;;
    esac
    case " $_authkit_takes_value " in *" ${words[i]} "*) ((i++)); continue ;; esac
    case ${words[i]} in
      -i | -p) ((i++)) ;;
      -*) ;;
      *)
        if [[ -z $name ]]; then
          name=${words[i]}
        elif [[ $name != exec ]]; then
          return
        elif [[ -z $identity ]]; then
          identity=word
        else
          child=$i
          return
        fi ;;
    esac
  done
}

_authkit() {
  local words first cword child current quote="" replaced=$2 value="" i
  _authkit_join
  _authkit_child
  if [[ $child -ge 0 ]]; then
    COMPREPLY=()
    if declare -F _comp_command_offset >/dev/null; then
      _comp_command_offset "${first[child]}"
    elif declare -F _command_offset >/dev/null; then
      _command_offset "${first[child]}"
    elif [[ $child -eq $cword ]]; then
      COMPREPLY=($(compgen -c -- "$2"))
    else
      compopt -o default 2>/dev/null
    fi
    return
  fi

  # As if the value of --option=value stood apart, and without the quoting of what is typed.
  current=${words[cword]}
  local -a apart=()
  for ((i = 0; i <= cword; i++)); do
    if [[ ${words[i]} == --*=* ]]; then
      apart+=("${words[i]%%=*}" "${words[i]#*=}")
      [[ $i -eq $cword ]] && value="${current%%=*}=" current=${current#*=}
    else
      apart+=("${words[i]}")
    fi
  done
  case $current in \'* | \"*) quote=${current:0:1} current=${current:1} ;; esac
  [[ -z $quote ]] && current=${current//\\/}
  local -a COMP_WORDS=("${apart[@]}")
  local COMP_CWORD=$((${#apart[@]} - 1))
  COMP_WORDS[COMP_CWORD]=$current
  _shtab_authkit

  # Readline replaces $2, which need not be the whole word; within quotes it adds nothing.
  # Files are quoted by readline.
  local before=${words[cword]} blank="\\ "
  before=${before%"$replaced"}
  [[ $(compopt 2>/dev/null) == *"-o filenames"* ]] && blank=" "
  for ((i = 0; i < ${#COMPREPLY[@]}; i++)); do
    [[ -n $quote ]] && continue
    COMPREPLY[i]=$value${COMPREPLY[i]// /"$blank"}
    COMPREPLY[i]=${COMPREPLY[i]#"$before"}
  done
}

complete -o bashdefault -F _authkit authkit
