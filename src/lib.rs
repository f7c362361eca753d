//! `cohorts` keeps the records of a confidential support group.
//!
//! A map of the rooms, in reading order; data flows down it, and a room knows
//! only those it says:
//!
//! - [`cli`] parses the command line and hands on to one command.
//! - [`command`] has a file for each: its help on top, what it does below. A
//!   command neither prints nor contains SQL.
//! - [`context`] is what a command is given, and the one way to change anything.
//! - [`definitions`] reads, checks and edits `cohorts.toml`. Knows `domain`.
//! - [`intake`] reads files from outside: forms, reports. Knows `domain`.
//! - [`store`] keeps the records in `cohorts.db`. Knows `domain`.
//! - [`domain`] says what is true of such groups. Knows nothing of the others.
//! - [`output`] shows rows and messages, writes files, and asks questions.
//! - [`error`] is what can go wrong, for all of them.

pub mod cli;
pub mod command;
pub mod context;
pub mod definitions;
pub mod domain;
pub mod error;
pub mod intake;
pub mod output;
pub mod store;
