//! Stories that run the built program against real files, one module a command.
#![allow(clippy::unwrap_used, reason = "a test says what is wrong by failing")]
#![allow(clippy::needless_raw_string_hashes, reason = "snapbox writes snapshots with them")]
#![allow(clippy::print_stderr, reason = "a battery of faults says what it did, with --nocapture")]

mod office;

mod attend;
mod backup;
mod bit_flips;
mod broken_definitions;
mod calendar;
mod check;
mod check_copy;
mod check_damage;
mod check_exposure;
mod check_records;
mod consent;
mod demo;
mod enroll;
mod erase;
mod excuse;
mod export;
mod faults;
mod handover;
mod help;
mod history;
mod history_undo;
mod import;
mod import_all;
mod import_files;
mod import_forms;
mod import_prompts;
mod incident;
mod incident_kept;
mod init;
mod init_answers;
mod kills;
mod list_show;
mod merge;
mod move_session;
mod new;
mod old_records;
mod participant;
mod pick_cohort;
mod place;
mod prompts;
mod prompts_for_good;
mod prompts_incident;
mod quarter;
mod readme;
mod records;
mod records_file;
mod roster;
mod roster_files;
mod roster_formats;
mod roster_purposes;
mod round_trips;
mod sequences;
mod surroundings;
mod tamper;
mod today;
mod two_copies;
mod undo_bounds;
mod whole_quarter;
mod withdraw;
mod writers;
