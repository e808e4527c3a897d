# What follows is authkit's own: docs/shells/authkit.zsh.  It leaves the command that exec runs to
# that command's own completion.

_authkit_identities() {
  local -a names expl
  names=("${(@f)$(command authkit complete-identities 2>/dev/null)}")
  (( $#names )) && [[ -n $names[1] ]] && _wanted identities expl identity compadd -a names
}

# Prints the place in words of the command that exec runs; fails before there is one.
_authkit_child() {
  local i name identity
  for (( i = 2; i <= CURRENT; i++ )); do
    case $words[i] in
      --) [[ $i -lt $CURRENT && $name == exec ]] && print $(( i + 1 )); return ;;
      -i|-p|--identity|--profile) identity=option; (( i++ )); continue ;;
      -i*|-p*|--identity=*|--profile=*) identity=option; continue ;;
    esac
    if (( ${_authkit_takes_value[(Ie)$words[i]]} )); then
      (( i++ ))
    elif [[ $words[i] == -* ]]; then
      continue
    elif [[ -z $name ]]; then
      name=$words[i]
    elif [[ $name != exec ]]; then
      return 1
    elif [[ -z $identity ]]; then
      identity=word
    else
      print $i
      return
    fi
  done
  return 1
}

_authkit() {
  local child
  local -A opt_args
  child=$(_authkit_child)
  if [[ -n $child ]]; then
    shift $(( child - 1 )) words
    (( CURRENT -= child - 1 ))
    _normal
  else
    _shtab_authkit
  fi
}

if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
  _authkit "$@"
else
  compdef _authkit authkit
fi
