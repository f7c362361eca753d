# Read by the batteries beside it. With SEALED=DIR they are about encrypted
# records: DIR holds a cohorts.db without anything in it, and the file of its key.

# Puts the key on this computer.
keep_key() {
    [ -z "${SEALED-}" ] || { mkdir -p "$HOME/.config/cohorts/keys" && cp "$SEALED"/*.key "$_"; }
}

# Puts encrypted records in the place of those that a folder was made with.
seal() {
    keep_key
    [ -z "${SEALED-}" ] || cp "$SEALED/cohorts.db" "$1/cohorts.db"
}

# Runs a command that shows a recovery sheet, on a terminal, and types what
# somebody would who has written it down. What it said goes to stderr.
with_sheet() {
    local ends shown= char number code=0
    ends=$(mktemp -d)
    mkfifo "$ends"/{typed,shown}
    script -qefc "$(printf '%q ' "$@")" /dev/null <"$ends/typed" >"$ends/shown" &
    exec 3<>"$ends/typed" 4<"$ends/shown"
    while IFS= read -r -N1 -u4 char; do
        shown+=$char
        case $shown in
            *"(Enter for none): ") printf '\r' >&3 ;;
            *"Word "[0-9]": " | *"Word "[0-9][0-9]": ")
                number=${shown%: } number=${number##*Word }
                grep -m1 -oE "(^| )$number +[a-z]+" <<<"${shown%%Opens*}" | head -1 |
                    sed 's/.* //; s/$/\r/' | tr -d '\n' >&3
                ;;
        esac
    done
    wait $! || code=$?
    exec 3>&- 4<&-
    rm -r "$ends"
    tr -d '\r' <<<"$shown" | sed 's/\x1b\[[0-9;]*m//g' >&2
    return $code
}
