#!/usr/bin/env bash
# Cuts the power right after every command that changes, copies or exports
# something has said that it is done, and looks whether it still is.
#
#   tests/faults/power-cuts.sh [ROUNDS] [PROGRAM]
#
# The folder lies on an ext4 of its own, whose shutdown ioctl drops everything
# that was not yet on the disk. After each cut every file must be there, to the
# byte, as it was seen at the moment the command ended. Needs root, loop devices
# and xfs_io (Debian: xfsprogs); without them it says so and ends with 77.
set -euo pipefail
. "$(dirname "$0")/sealed.sh"

rounds=${1:-25}
program=$(realpath "${2:-target/debug/cohorts}")

for tool in xfs_io mkfs.ext4 losetup; do
    PATH=$PATH:/usr/sbin:/sbin command -v $tool >/dev/null || { echo "skipped: there is no $tool"; exit 77; }
done
[ "$(id -u)" = 0 ] || { echo "skipped: needs root"; exit 77; }
PATH=$PATH:/usr/sbin:/sbin

work=$(mktemp -d)
disk=$work/disk
mnt=$work/mnt
mkdir "$mnt"
finish() { cd /; umount "$mnt" 2>/dev/null || true; rm -rf "$work"; }
trap finish EXIT
truncate -s 64M "$disk"
mkfs.ext4 -q "$disk"
mount -o loop "$disk" "$mnt" 2>/dev/null || { echo "skipped: cannot mount a loop device"; exit 77; }
umount "$mnt"

export COHORTS_SEED=1 COHORTS_ACTOR=coordinator HOME=$mnt/home
cuts=0 lost=0

# What lies on the disk, by name and content.
seen() { (cd "$mnt" && find . -type f -not -path './lost+found/*' -print0 | sort -z | xargs -0 sha256sum); }

cut() {
    local before
    before=$(seen)
    xfs_io -x -c shutdown "$mnt"
    cd /
    umount "$mnt"
    mount -o loop "$disk" "$mnt"
    cuts=$((cuts + 1))
    if [ "$before" != "$(seen)" ]; then
        lost=$((lost + 1))
        echo "LOST after: $1"
        diff <(echo "$before") <(seen) || true
    fi
}

# run DAY COMMAND...: runs a command in the office, then cuts the power.
run() {
    local day=$1
    shift
    (cd "$mnt/office" && COHORTS_NOW="$day" "$program" "$@" >/dev/null 2>"$work/said") || {
        echo "cohorts $* failed: $(cat "$work/said")"
        exit 1
    }
    cut "$*"
}

for round in $(seq "$rounds"); do
    mkfs.ext4 -q -F "$disk"
    mount -o loop "$disk" "$mnt"
    mkdir -p "$mnt/office" "$mnt/backups" "$mnt/there" "$mnt/again" "$mnt/home"
    sync
    run "2024-01-02 09:00" init .
    seal "$mnt/office"
    run "2024-01-02 09:01" new winter-2024 --starts 2024-01-23
    sed -i 's/^capacity = 12/capacity = 3/' "$mnt/office/cohorts.toml"
    # A backup after each change brings the change itself to the disk as well:
    # every other round does without.
    if [ $((round % 2)) = 0 ]; then
        printf '\n[backup]\nfolder = "%s"\n' "$mnt/backups" >> "$mnt/office/cohorts.toml"
    fi
    sync
    for name in Amara Bea Kit Milo; do
        run "2024-01-03 09:00" enroll --first-name $name --last-name Example --email "$name@example.org"
    done
    run "2024-01-04 09:00" enroll --first-name Kit --last-name Example --email kit.two@example.org
    run "2024-01-05 09:00" participant merge kit@example.org kit.two@example.org --yes
    run "2024-01-05 09:01" participant edit kit@example.org --phone 555-0101
    run "2024-01-05 09:02" withdraw bea@example.org --reason schedule
    run "2024-01-05 09:03" place milo@example.org
    run "2024-01-18 09:00" consent agreed amara@example.org kit@example.org
    run "2024-01-19 09:00" excuse kit@example.org --week 2
    run "2024-01-23 12:00" attend --late amara@example.org --rest present
    run "2024-01-24 12:00" move --week 3 --to 2024-02-08
    run "2024-01-24 12:01" undo
    run "2024-01-24 12:02" roster --output roster.csv
    run "2024-01-24 12:03" roster --output roster.json
    run "2024-01-24 12:04" participant show kit@example.org --all --output kit.txt
    run "2024-01-24 12:05" backup "$mnt/backups/by-hand.backup"
    if [ $((round % 2)) = 0 ]; then run "2024-01-24 12:06" backup; fi
    run "2024-01-24 12:07" export "$mnt/backups/everything"
    run "2024-01-24 12:08" import --all "$mnt/backups/everything" --folder "$mnt/again"
    run "2024-01-25 12:00" participant erase milo@example.org --yes
    run "2024-01-26 12:00" restore "$mnt/backups/by-hand.backup" --yes
    run "2024-01-27 12:00" handover "$mnt/backups/out.handover"
    run "2024-01-27 12:01" takeover "$mnt/backups/out.handover" --folder "$mnt/there"
    run "2024-01-27 12:02" check --folder "$mnt/there"
    [ -z "${SEALED-}" ] || run "2024-01-27 12:03" decrypt --yes --folder "$mnt/there"
    umount "$mnt"
done

echo "$cuts power cuts, $lost lost something"
[ "$lost" = 0 ]
