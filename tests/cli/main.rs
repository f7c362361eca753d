//! Stories that run the built program against real files, one module a command.
#![allow(clippy::unwrap_used, reason = "a test says what is wrong by failing")]

mod office;

mod check;
mod demo;
mod help;
mod init;
mod list_show;
mod move_session;
mod new;
mod prompts;
mod readme;
mod records;
mod records_file;
