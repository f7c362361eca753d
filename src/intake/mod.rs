//! Files from outside: bytes in, and out come rows, or what is wrong with them
//! and in which line.
//!
//! Nothing here believes a file: neither how long its lines are nor that it is
//! text. It never touches the records or the screen.

pub mod lines;
