#!/usr/bin/env bash
# Lets the disk be full when something is changed, copied or exported, with more
# and more room until it gets through; and puts it on a disk that may only be
# read.
#
#   tests/faults/full-disk.sh [STEP] [PROGRAM]
#
# STEP is by how many KB the room grows. The disk is a small tmpfs. After each
# run both files must be wholly as before or wholly as they are meant to be, exit
# code 0 only with the latter, nothing may lie about, and once there is room the
# same command must work. Needs root; without it says so and ends with 77.
set -euo pipefail
. "$(dirname "$0")/sealed.sh"

step=${1:-4}
program=$(realpath "${2:-target/debug/cohorts}")
[ "$(id -u)" = 0 ] || { echo "skipped: needs root"; exit 77; }

work=$(mktemp -d)
mnt=$work/mnt base=$work/base
mkdir "$mnt" "$base"
finish() { cd /; umount "$mnt" 2>/dev/null || true; rm -rf "$work"; }
trap finish EXIT
mount -t tmpfs -o size=4m tmpfs "$mnt" 2>/dev/null || { echo "skipped: cannot mount a tmpfs"; exit 77; }

export COHORTS_SEED=1 COHORTS_ACTOR=coordinator HOME=$work/home
office=$mnt/office
at() { (cd "$office" && COHORTS_NOW="2024-01-24 12:00" "$program" "$@"); }

mkdir "$office"
at init . 2>/dev/null
seal "$office"
at new winter-2024 --starts 2024-01-30 2>/dev/null
for name in Amara Bea Kit; do
    at enroll --first-name $name --last-name Example --email "$name@example.org" 2>/dev/null
done
cp -a "$office" "$base/office"

state() { at history --all --format csv; at roster --all --status all --format csv; cat "$office/cohorts.toml"; }
reset() { rm -rf "$mnt"/*; cp -a "$base/office" "$office"; }

runs=0 wrong=0
fail() { wrong=$((wrong + 1)); echo "  $1: $line, ${room} KB left: $(head -3 "$work/said")"; }

for line in \
    "enroll --first-name Noor --last-name Example --email noor@example.org" \
    "new spring-2024 --starts 2024-04-02" \
    "backup copy.backup" \
    "roster --output roster.csv" \
    "export everything" \
    "participant erase kit@example.org --yes"; do
    reset
    before=$(state)
    at $line >/dev/null 2>&1
    after=$(state)
    for ((room = 0; room < 2000; room += step)); do
        reset
        free=$(df --output=avail -k "$mnt" | tail -1)
        head -c $(((free - room) * 1024)) /dev/zero >"$mnt/ballast" 2>/dev/null || true
        code=0
        at $line >/dev/null 2>"$work/said" || code=$?
        runs=$((runs + 1))
        rm "$mnt/ballast"
        # An export that could not be written may be written down all the same.
        now=$(state)
        case $line in backup* | roster* | export*) [ "$now" = "$before" ] || fail HALF ;; *)
            if [ $code = 0 ]; then [ "$now" = "$after" ] || fail LOST
            else [ "$now" = "$before" ] || [ "$now" = "$after" ] || fail HALF; fi ;;
        esac
        [ $code = 0 ] || grep -q "full" "$work/said" || fail "NOT SAID PLAINLY"
        at check >/dev/null 2>&1 || fail DAMAGED
        left=$(cd "$office" && find . -name '.cohorts-*' -o -name '*-journal')
        [ -z "$left" ] || fail "LEFT $left"
        [ $code = 0 ] && break
        [ "$now" != "$before" ] || at $line >/dev/null 2>"$work/said" || fail STUCK
    done
    [ $code = 0 ] || fail "NEVER GETS THROUGH"
done

# A disk that may only be read, with what a crash left lying.
reset
room=any
touch "$office/.cohorts.db.erasing"
cp "$office/cohorts.toml" "$office/.cohorts.toml.pending"
mount -o remount,ro "$mnt"
for line in "" list "roster winter" "show winter" history "participant list" check; do
    runs=$((runs + 1))
    at $line >/dev/null 2>"$work/said" || fail "CANNOT BE READ"
done
for line in "enroll --first-name Noor --last-name Example --email noor@example.org" undo \
    "new spring-2024 --starts 2024-04-02" "participant erase kit@example.org --yes"; do
    runs=$((runs + 1))
    if at $line >/dev/null 2>"$work/said"; then fail "CLAIMS THAT IT WAS DONE"; fi
    grep -q "may only be read" "$work/said" || fail "NOT SAID PLAINLY"
done
mount -o remount,rw "$mnt"

echo "$runs runs on a full disk or one that may only be read, $wrong wrong"
[ $wrong = 0 ]
