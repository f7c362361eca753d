#!/usr/bin/env bash
# Stops an erasure where its records are written anew and only its mark is left
# to be taken away; lets another one be killed between its commit and its own
# cleaning up; and lets the first one go on. The mark of the second must still be
# there, so that whoever comes next clears up after it too.
#
#   tests/faults/two-erasures.sh [STEP] [PROGRAM]
#
# STEP is not used. Needs strace; without it says so and ends with 77.
set -euo pipefail
. "$(dirname "$0")/sealed.sh"

program=$(realpath "${2:-target/debug/cohorts}")

command -v strace >/dev/null || { echo "skipped: there is no strace"; exit 77; }
strace -qq -o /dev/null true 2>/dev/null || { echo "skipped: strace may not look on here"; exit 77; }

work=$(mktemp -d -p /dev/shm 2>/dev/null || mktemp -d)
trap 'rm -rf "$work"' EXIT
log=$work/log
mkdir "$work"/{base,home}
cd "$work/base"
export HOME=$work/home COHORTS_NOW="2024-01-03 09:00" COHORTS_SEED=1 COHORTS_ACTOR=coordinator TZ=UTC
unset COHORTS_FOLDER XDG_CONFIG_HOME RUST_BACKTRACE

must() { "$program" "$@" >"$work/said" 2>&1 || { echo "cohorts $* failed: $(cat "$work/said")"; exit 1; }; }
erase() { "$@" "$program" participant erase "$name@example.org" --yes; }
must init .
seal .
must new winter-2024 --starts 2024-01-23
for name in amara kit; do
    must enroll --first-name "${name^}" --last-name "$name-son" --email "$name@example.org"
done
copy() { rm -rf "$work/run"; cp -a "$work/base" "$work/run"; cd "$work/run"; }

# The last lock that is let go of before the mark goes, in an erasure as it is.
copy
# So that nothing is done for the first time below.
must list
copy
name=amara
erase strace -qq -o "$log" -e trace=fcntl,unlink,unlinkat >"$work/said" 2>&1
last_lock=$(sed '/unlink.*erasing/,$d' "$log" | grep -c '^fcntl')
# The call that ends the last writing anew, in one that finds a mark: its
# journal goes.
copy
touch .cohorts.db.erasing
name=kit
erase strace -qq -o "$log" -e trace=unlink >"$work/said" 2>&1
anew=$(grep '^unlink' "$log" | grep -n journal | tail -1 | cut -d: -f1)

copy
mkfifo "$work/events"
strace -qq -o "$work/events" -e trace=fcntl -e "inject=fcntl:signal=STOP:when=$last_lock" \
    "$program" participant erase amara@example.org --yes >"$work/said" 2>&1 &
first=$!
exec 3<"$work/events"
while read -r line <&3; do [[ $line != *"stopped by SIGSTOP"* ]] || break; done
ls -A | grep -q erasing || { echo "it was stopped too late"; exit 1; }

name=kit
code=0
erase strace -qq -o "$log" -e trace=unlink -e "inject=unlink:signal=KILL:when=$anew" >"$work/said" 2>&1 || code=$?
[ $code = 137 ] || { echo "the second one was not killed: $code $(cat "$work/said")"; exit 1; }
cp -a . "$work/look"
must history --folder "$work/look"
grep -q 'erased' "$work/said" || { echo "the second one was killed too early"; exit 1; }
[ -s cohorts.db-journal ] || { echo "the second one was killed too late"; exit 1; }

kill -CONT $(cat "/proc/$first/task/$first/children")
cat <&3 >/dev/null
wait $first || { echo "the first one failed: $(cat "$work/said")"; exit 1; }

ls -A | grep -q erasing || { echo "the mark of the second one is gone"; exit 1; }
must list
must check
for trace in amara kit; do
    ! grep -qar "$trace-son\|$trace@example" . || { echo "$trace is still there"; exit 1; }
done
! ls -A | grep erasing || { echo "a mark stays"; exit 1; }
echo "two erasures at once: nothing of either is left"
