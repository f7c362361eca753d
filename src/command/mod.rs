//! One file a command: its arguments with their help on top, what it does
//! below. A command returns what happened and hands rows to `ctx.out`; it
//! neither prints nor contains SQL.

pub mod agreement;
pub mod args;
pub mod attend;
pub mod backup;
pub mod calendar;
pub mod carry;
pub mod check;
pub mod completions;
pub mod consent;
pub mod decrypt;
pub mod demo;
pub mod encrypt;
pub mod enroll;
pub mod excuse;
pub mod export;
pub mod finish;
pub mod handover;
pub mod history;
pub mod import;
pub mod incident;
pub mod init;
pub mod key;
pub mod list;
pub mod mail;
pub mod move_session;
pub mod new;
pub mod participant;
pub mod place;
pub mod rekey;
pub mod report;
pub mod restore;
pub mod roster;
pub mod show;
pub mod support;
pub mod takeover;
pub mod today;
pub mod undo;
pub mod withdraw;
