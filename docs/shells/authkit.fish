
# What follows is authkit's own: docs/shells/authkit.fish.  It leaves the command that exec runs to
# that command's own completion.

function _authkit_identities
    command authkit complete-identities 2>/dev/null
end

# Prints the files that begin with what is typed of an option's value.
function _authkit_files
    set -l typed (string replace -r -- '^--[^=]*=' '' (commandline -ct))
    __fish_complete_path (string replace -r -- '^[\'"]' '' $typed)
end

# Prints the words of the command that exec runs, up to the one being typed; fails before there
# is one.
function _authkit_child
    set -l tokens (commandline -opc)
    set -l name
    set -l identity
    set -l i 2
    while test $i -le (count $tokens)
        set -l token $tokens[$i]
        set i (math $i + 1)
        if test "$token" = --
            test "$name" = exec; or return 1
            break
        else if contains -- $token -i -p --identity --profile
            set identity option
            set i (math $i + 1)
        else if contains -- $token $_authkit_takes_value
            set i (math $i + 1)
        else if string match -qr -- '^(-[ip]|--identity=|--profile=)' $token
            set identity option
        else if string match -q -- '-*' $token
            continue
        else if test -z "$name"
            set name $token
        else if test "$name" != exec
            return 1
        else if test -z "$identity"
            set identity word
        else
            set i (math $i - 1)
            break
        end
    end
    test "$name" = exec -a $i -le (math (count $tokens) + 1); or return 1
    if not contains -- -- $tokens[1..(math $i - 1)]
        test -n "$identity"; or return 1
        string match -q -- '-*' (commandline -ct); and test $i -gt (count $tokens); and return 1
    end
    test $i -le (count $tokens); and string escape -- $tokens[$i..-1]
    return 0
end

function _authkit_in_child
    _authkit_child >/dev/null
end

function _authkit_complete_child
    complete -C (string join ' ' -- (_authkit_child) (commandline -ct))
end

functions -q _authkit_using; or functions -c _shtab_authkit_using _authkit_using
function _shtab_authkit_using
    not _authkit_in_child; and _authkit_using $argv
end

complete -c authkit -n _authkit_in_child -ka "(_authkit_complete_child)"
