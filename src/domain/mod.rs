//! What is true of confidential support groups whatever the files and screens:
//! schedules, participants, enrollment, consent, attendance, incidents, support
//! and rosters.
//!
//! Pure: no input or output, no clock, no SQL, no command line, no tables, and
//! nothing from the other rooms of this program. Days and randomness come in as
//! arguments.

pub mod attendance;
pub mod codes;
pub mod consent;
pub mod enrollment;
pub mod figures;
pub mod file_name;
pub mod group;
pub mod incident;
pub mod instant;
pub mod iso;
pub mod key;
pub mod message;
pub mod participant;
pub mod period;
pub mod presence;
pub mod program;
pub mod roster;
pub mod schedule;
pub mod sign_up;
pub mod support;
pub mod suppression;
pub mod text;
pub mod words;
pub mod zoom_name;
