#!/usr/bin/env bash
# Lets every system call that touches a file fail, one after the other, in every
# command that changes, copies or exports something: with EIO, with ENOSPC, and
# by being killed right before it; that one call alone, and all from there on.
#
#   tests/faults/system-calls.sh [STEP] [PROGRAM] [COMMAND...]
#
# STEP takes only every STEP-th call, COMMAND only these of the commands below.
# After each run both files, and the file that was to be written, must be wholly
# as before or wholly as they are meant to be; exit code 0 only with the latter;
# `check` must be content, and the next command must work. With FAULTS_LOG=FILE
# every run is written there in a line. Needs strace; without it says so and
# ends with 77.
set -euo pipefail
. "$(dirname "$0")/sealed.sh"

step=${1:-1}
program=$(realpath "${2:-target/debug/cohorts}")
only=" ${*:3} "

command -v strace >/dev/null || { echo "skipped: there is no strace"; exit 77; }
strace -qq -o /dev/null true 2>/dev/null || { echo "skipped: strace may not look on here"; exit 77; }

# In memory where there is such a place: nothing here is about a real disk.
work=$(mktemp -d -p /dev/shm 2>/dev/null || mktemp -d)
trap 'rm -rf "$work"' EXIT
base=$work/base run=$work/run log=$work/log said=$work/said
export HOME=$run/home COHORTS_SEED=1 COHORTS_ACTOR=coordinator TZ=UTC
unset COHORTS_FOLDER XDG_CONFIG_HOME RUST_BACKTRACE

# The calls that can spoil something; those that only read get EIO alone. Not
# every kernel has all of them.
writing=openat,?open,write,writev,pwrite64,pwritev,fsync,fdatasync,ftruncate,fallocate,copy_file_range,?rename,?renameat,renameat2,?link,linkat,?unlink,unlinkat,?mkdir,mkdirat,?chmod,fchmod,?chown,fchown
reading=read,pread64
trace=$writing,$reading

# What is run: a name, where, what it says when it is done, which file it
# writes, the command.
commands=(
    "new|office|Added||new spring-2024 --starts 2024-04-02"
    "enroll|office|Enrolled||enroll --first-name Noor --last-name Example --email noor@example.org"
    "attend|office|Saved||attend --late amara@example.org --rest present"
    "move|office|Moved||move --week 3 --to 2024-02-08"
    "undo|office|Took back||undo"
    "undo-new|added|Took back||undo"
    "edit|office|Changed||participant edit kit@example.org --phone 555-0101"
    "merge|office|Joined||participant merge kit@example.org kit.two@example.org --yes"
    "erase|office|Erased||participant erase milo@example.org --yes"
    "backup|office|Backed up|out/new.backup|backup ../out/new.backup"
    "roster|office|Wrote|out/roster.csv|roster --output ../out/roster.csv"
    "show|office|Wrote|out/kit.txt|participant show kit@example.org --all --output ../out/kit.txt"
    "kept|kept|Enrolled|daily/aim-focus-release-2024-01-24.backup|enroll --first-name Noor --last-name Example --email noor@example.org"
    "kept-erase|kept|Erased|daily/aim-focus-release-2024-01-24.backup|participant erase milo@example.org --yes"
    "restore|office|Restored||restore ../out/old.backup --yes"
    "handover|office|Handed|out/new.handover|handover ../out/new.handover"
    "takeover|there|Took everything||takeover ../out/old.handover --folder ."
    "export|office|Exported|out/everything|export ../out/everything"
    "import|there|Brought||import --all ../out/all --folder ."
    "restore-empty|there|Restored||restore ../out/old.backup --yes --folder ."
    "init|there|Made||init ."
)
if [ -n "${SEALED-}" ]; then
    commands+=("decrypt|office|Decrypted||decrypt --yes")
    if command -v script >/dev/null; then
        commands+=("encrypt|plain|Encrypted||encrypt" "rekey|office|Encrypted||rekey")
    else
        echo "skipped: encrypt and rekey, there is no script to give them a terminal"
    fi
fi

# at DAY FOLDER COMMAND...: runs the program as it is.
at() { (cd "$run/$2" && COHORTS_NOW="$1" "$program" "${@:3}"); }

must() {
    at "$@" >"$said" 2>&1 || { echo "cohorts ${*:3} failed: $(cat "$said")"; exit 1; }
}

prepare() {
    mkdir -p "$run"/{office,home,out,there,daily}
    must "2024-01-02 09:00" office init .
    seal "$run/office"
    must "2024-01-02 09:01" office new winter-2024 --starts 2024-01-23
    local name
    for name in Amara Bea Kit Milo; do
        must "2024-01-03 09:00" office enroll --first-name $name --last-name Example --email "$name@example.org"
    done
    must "2024-01-04 09:00" office enroll --first-name Kit --last-name Example --email kit.two@example.org
    must "2024-01-18 09:00" office consent agreed amara@example.org bea@example.org milo@example.org
    must "2024-01-18 09:05" office backup ../out/old.backup
    must "2024-01-18 09:06" office handover ../out/old.handover
    must "2024-01-18 09:07" office handover --cancel
    must "2024-01-18 09:08" office export ../out/all
    # So that the restored cohorts.toml is another one.
    must "2024-01-19 09:00" office new summer-2024 --starts 2024-07-09
    cp -a "$run/office" "$run/added"
    # The same again, with a backup after each change.
    cp -a "$run/office" "$run/kept"
    printf '\n[backup]\nfolder = "%s"\n' "$run/daily" >>"$run/kept/cohorts.toml"
    must "2024-01-24 12:00" kept excuse bea@example.org --week 2
    must "2024-01-19 09:01" office move --week 2 --to 2024-01-31
    mkdir "$run/plain"
    must "2024-01-02 09:00" plain init .
    must "2024-01-02 09:01" plain new winter-2024 --starts 2024-01-23
    must "2024-01-03 09:00" plain enroll --first-name Amara --last-name Example
    rm -r "$run/home"
    mkdir "$run/home"
    keep_key
    cp -a "$run" "$base"
}

# Runs what belongs to the command in `name`, which may have questions.
run() {
    case $name in encrypt | rekey) with_sheet "$@" ;; *) "$@" ;; esac
}

reset() {
    rm -rf "$run"
    cp -a "$base" "$run"
}

# What the records and cohorts.toml of a folder say, as the program reads them.
# A handover that was taken back at once has changed nothing but the history.
records() {
    [ -e "$run/$1/cohorts.toml" ] || [ -e "$run/$1/cohorts.db" ] || return 0
    {
        at "2024-01-24 12:00" "$1" history --all --format csv --folder . | sed 1d | cut -d, -f2- |
            sed '1{/took the handover back/{N;/,handed over,/d}}'
        at "2024-01-24 12:00" "$1" roster --all --status all --folder . --format csv \
            --columns cohort,code,name,email,phone,status,agreed,attendance
        at "2024-01-24 12:00" "$1" check --folder . || echo "check: $?"
    } 2>&1
    cat "$run/$1/cohorts.toml" 2>&1 || true
}

# What is lying about that a command would not leave.
leftovers() { (cd "$run" && find . -name '.cohorts*' -o -name '*-journal' | sed 's/\(\.cohorts-\).*/\1XXXXXX/'); }

# An export is whole if the same records can be made of it; the time zone in it
# may be one that the system did not tell.
whole() {
    rm -rf "$work/again.folder"
    mkdir "$work/again.folder"
    "$program" import --all "$1" --folder "$work/again.folder" >/dev/null 2>&1
}

# Whether two files say the same. Two copies of encrypted records never are the
# same bytes: then both have to be whole, and of the same moment.
same() {
    cmp -s "$1" "$2" || { [ -n "${SEALED-}" ] && [ -f "$1" ] && checked "$1" >"$work/one" &&
        checked "$2" >"$work/other" && cmp -s "$work/one" "$work/other"; }
}
checked() { "$program" check "$1" 2>&1; }

file_state() {
    if [ -z "$file" ]; then echo none
    elif [ -d "$run/$file" ]; then if whole "$run/$file"; then echo after; else echo half; fi
    elif same "$run/$file" "$work/after.file"; then echo after
    # What cannot be read is left alone, and the day has a second backup.
    elif same "$run/${file%.backup}-2.backup" "$work/after.file"; then echo after
    elif [ ! -e "$base/$file" ] && [ ! -e "$run/$file" ]; then echo before
    elif same "$run/$file" "$base/$file"; then echo before
    else echo half; fi
}

# Which state the files are in, and whether one can go on from there. Printed as
# `before`, `after` or `half`, for the records and for the file; then what went
# wrong, if anything.
judge() {
    local of file_is wrong=
    file_is=$(file_state)
    records "$where" >"$work/now"
    if ! [ -s "$work/before" ] && ! cmp -s "$work/now" "$work/after"; then
        # What was empty is either filled or can be filled by the same command.
        if ! [ -s "$work/now" ]; then of=before
        elif at "$day" "$where" $line >"$work/again" 2>&1 &&
            records "$where" >"$work/now" && cmp -s "$work/now" "$work/after"; then of=before
        else of=half; wrong="stuck: $(head -1 "$work/again")"; fi
    elif cmp -s "$work/now" "$work/after"; then of=after
    elif cmp -s "$work/now" "$work/before"; then of=before
    else of=half; wrong=$(diff "$work/before" "$work/now" | head -3 | tr '\n' ' ') ; fi
    # What cannot be read is replaced as well, and kept.
    if [ $of = half ] && [ "$name" = restore ] &&
        cmp -s "$run"/office/cohorts.db.before-restore-* "$base/office/cohorts.db"; then of=after; wrong=; fi
    # What only writes a file changes nothing in the records.
    if [ $of = after ] && cmp -s "$work/before" "$work/after"; then of=$file_is; fi
    # A file that is there is known of.
    if [ "$file_is" = after ] && [ "$where" = office ] &&
        ! at "$day" "$where" history --exports --format csv 2>/dev/null | grep -qF "$(basename "$file")"; then
        wrong="nobody knows of the file"
    fi
    if [ $of = after ] && [ "$name" = handover ]; then
        [ "$file_is" = after ] || of=between
        at "$day" "$where" handover --cancel >/dev/null 2>"$work/again" || wrong="stuck: $(head -1 "$work/again")"
    fi
    if [ -s "$run/$where/cohorts.toml" ]; then
        at "$day" "$where" list --folder . >/dev/null 2>"$work/again" || wrong="list: $(head -1 "$work/again")"
        at "$day" "$where" new autumn-2024 --starts 2024-10-01 --folder . >/dev/null 2>"$work/again" ||
            wrong="next: $(head -1 "$work/again")"
    fi
    echo "$of|$file_is|$wrong"
}

# The same files in the same state are judged once.
declare -A judged
judged_state() {
    local key
    key=$(cd "$run" && find . -type f -print0 | sort -z | xargs -0 sha256sum | sed 's/\(\.cohorts[^ ]*-\).*/\1/' | sha256sum)
    [ -n "${judged[$key]-}" ] || judged[$key]=$(judge)
    verdict=${judged[$key]}
}

total=0 lost=0 half=0 late=0 faulty=0

violation() {
    echo "  $1: $name, $fault at $call $nth$mode: exit $code, $verdict"
    [ ! -s "$said" ] || sed 's/^/    /' "$said" | head -4
}

# one FAULT MODE K: lets call number K fail, and looks.
one() {
    local inject other
    fault=$1 mode=$2 call=${calls[$3]} nth=${nths[$3]}
    if [ -z "$mode" ]; then
        inject=(-e "inject=$call:$fault:when=$nth")
    else
        # All calls of all kinds from there on: of each kind, those after the
        # ones that came before.
        inject=()
        for other in $kinds; do
            inject+=(-e "inject=$other:$fault:when=$(($(printf '%s\n' "${calls[@]:0:$3}" | grep -cx "$other" || true) + 1))+")
        done
    fi
    reset
    code=0
    (cd "$run/$where" && COHORTS_NOW=$day run timeout --foreground 10 strace -f -qq -o "$log" -e "trace=$trace" "${inject[@]}" \
        "$program" $line >"$work/out" 2>"$said") 2>/dev/null || code=$?
    # What hangs goes on without strace.
    [ $code != 124 ] || kill -KILL "$(head -1 "$log" | cut -d' ' -f1)" || true
    [ $code = 137 ] || grep -q INJECTED "$log" || return 0
    injections=$((injections + 1))
    local left of file_is wrong bad=
    left=$(leftovers)
    judged_state
    IFS='|' read -r of file_is wrong <<<"$verdict"
    if [ -n "$left" ]; then
        if [ $code = 137 ]; then left_killed=$((left_killed + 1)); else left_failed=$((left_failed + 1)); fi
    fi
    if [ $of = half ] || [ "$file_is" = half ] || [ -n "$wrong" ]; then
        half=$((half + 1))
        violation HALF
    elif [ $code = 0 ] && { [ $of != after ] || { [ "$file_is" = before ] && ! grep -q 'warning: saved, but' "$said"; }; }; then
        lost=$((lost + 1))
        violation LOST
    elif [ $code != 0 ] && [ $of = after ]; then
        after_commit=$((after_commit + 1))
    fi
    if [ $of != before ] && grep -Eq 'nothing was|left as it is|was not changed' "$said"; then
        bad="CLAIMS THAT NOTHING WAS DONE"
    fi
    [ $of = after ] || ! grep -q "^$done_word" "$said" || bad="CLAIMS THAT IT WAS DONE"
    grep -Eq 'panicked|backtrace|Os \{|Error \{|Failure\(' "$said" && bad="NOT FOR PEOPLE"
    [ $code != 124 ] || bad="DOES NOT END"
    case $code in
        0 | 1 | 124 | 127 | 137) ;;
        # A key that cannot be read.
        4) [ -n "${SEALED-}" ] || bad="ODD EXIT CODE" ;;
        *) bad="ODD EXIT CODE" ;;
    esac
    if [ -n "$bad" ]; then
        faulty=$((faulty + 1))
        violation "$bad"
    fi
    if [ -n "${FAULTS_LOG-}" ]; then
        echo "$name|$fault$mode|$call $nth|exit $code|$verdict|$(echo $left)|$(head -c 300 "$said" | sed 's/\.cohorts-....../.cohorts-XXXXXX/g' | tr '\n' ';')" >>"$FAULTS_LOG"
    fi
}

prepare
for entry in "${commands[@]}"; do
    IFS='|' read -r name where done_word file line <<<"$entry"
    [ "$only" = "  " ] || [[ $only == *" $name "* ]] || continue
    day="2024-01-24 12:00"
    injections=0 after_commit=0 left_killed=0 left_failed=0
    judged=()
    reset
    records "$where" >"$work/before"
    reset
    (cd "$run/$where" && COHORTS_NOW=$day run strace -f -qq -o "$log" -e "trace=$trace" "$program" $line >/dev/null 2>"$said") ||
        { echo "cohorts $line failed: $(cat "$said")"; exit 1; }
    grep -q "^$done_word" "$said" || { echo "cohorts $line does not say $done_word: $(cat "$said")"; exit 1; }
    rm -rf "$work/after.file"
    [ -z "$file" ] || cp -r "$run/$file" "$work/after.file"
    records "$where" >"$work/after"
    calls=() nths=()
    declare -A seen=()
    while read -r _ call; do
        [[ $call == *"("* ]] || continue
        call=${call%%(*}
        seen[$call]=$((${seen[$call]-0} + 1))
        calls+=("$call")
        nths+=("${seen[$call]}")
    done <"$log"
    begin=0
    for fault in error=EIO error=ENOSPC signal=KILL; do
        case $fault in
            error=EIO) kinds="${!seen[*]}" ;;
            *) kinds=$(printf '%s\n' "${!seen[@]}" | grep -vE '^(read|pread64)$') ;;
        esac
        for mode in "" +; do
            # Who was killed makes no more calls.
            [ "$fault$mode" != signal=KILL+ ] || continue
            # Small forms begin elsewhere each time, and so see more.
            begin=$(((begin + 7) % step))
            for ((k = begin; k < ${#calls[@]}; k += step)); do
                [ "$fault" = error=EIO ] || [[ ${calls[k]} != *read* ]] || continue
                one "$fault" "$mode" $k
            done
        done
    done
    echo "$name: $injections injections in ${#calls[@]} calls, $after_commit after the commit, leftovers: $left_failed after an error, $left_killed when killed"
    total=$((total + injections))
    late=$((late + after_commit))
done
echo "$total injections, $lost lost, $half half, $late after the commit, $faulty said wrong"
[ $((lost + half + faulty)) = 0 ]
