# A session in the shell that you type in, for fish.  To be sourced: docs/shells.md.
#
#     ak NAME      leave the session that is set, and set NAME's; log in where there is none
#     ak           leave the session that is set
#     ak_prompt    print "(NAME) ", or "(NAME: expired) ", or nothing: for a prompt

function ak --description "Set this shell to an identity's session, or without a name to none"
    set -l lines
    if set -q argv[2]
        echo "usage: ak [NAME]" >&2
        return 2
    end
    if set -q AUTHKIT_IDENTITY; or not set -q argv[1]
        set lines (command authkit env --format fish --unset); or return
        string join \n -- $lines | source
    end
    set -q argv[1]; or return 0
    set lines (command authkit env --format fish -i $argv[1] 2>/dev/null)
    or begin
        command authkit login -i $argv[1]; or return
        set lines (command authkit env --format fish -i $argv[1]); or return
    end
    string join \n -- $lines | source
end

function ak_prompt --description "Print which session this shell has, for a prompt"
    set -q AWS_SESSION_EXPIRATION; or return 0
    if test (printf '%s\n' $AWS_SESSION_EXPIRATION (date -u +%Y-%m-%dT%H:%M:%SZ) | sort)[1] = $AWS_SESSION_EXPIRATION
        printf '(%s: expired) ' "$AUTHKIT_IDENTITY"
    else
        printf '(%s) ' "$AUTHKIT_IDENTITY"
    end
end

complete -c ak -xa "(command authkit complete-identities 2>/dev/null)"
