//! Reports of anything, and reports of anybody.

use chrono::TimeDelta;
use proptest::prelude::*;

use super::*;

/// Headings of each layout, by how many columns their rows have.
const LAYOUTS: [&str; 5] = [
    "Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes),Guest,Recording Consent",
    "Name (original name),Email,Join time,Leave time,Duration (minutes),Guest,Recording disclaimer response,In waiting room",
    "Name (Original Name),User Email,Total Duration (Minutes),Guest",
    "Topic,ID,Start time,End time,Duration (minutes),Name (original name),Email,Join time,Leave time,Duration (minutes),Guest",
    "Meeting ID,Topic,Start Time,End Time,User Email,Duration (Minutes),Participants",
];

fn cell() -> impl Strategy<Value = String> {
    prop_oneof![
        "\\PC{0,12}",
        "[0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{2,4} [0-9]{1,2}:[0-9]{2}(:[0-9]{2})?( [AP]M)?",
        "[A-Z][a-z]{2} [0-9]{1,2}, [0-9]{4} [0-9]{1,2}:[0-9]{2}",
        "[0-9]{0,8}",
        "(Yes|No|OK|--|)",
        "[()a-z]{0,8}",
        Just("kit@example.org".to_owned()),
    ]
}

proptest! {
    /// Whatever the cells are, they end in a report or in problems.
    #[test]
    fn no_cells_make_it_panic(
        rows in proptest::collection::vec(
            prop_oneof![
                8 => proptest::collection::vec(cell(), 0..13),
                2 => (0..LAYOUTS.len()).prop_map(|at| LAYOUTS[at].split(',').map(str::to_owned).collect()),
            ],
            0..8,
        ),
        first in 0..LAYOUTS.len(),
    ) {
        let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
        writer.write_record(LAYOUTS[first].split(',')).unwrap();
        for row in &rows {
            writer.write_record(row).unwrap();
        }
        let text = String::from_utf8(writer.into_inner().unwrap()).unwrap();
        if let Ok(report) = report(&text) {
            let orders = report.orders();
            prop_assert!(!orders.is_empty());
            for order in orders {
                let joins: usize = report.in_order(order).iter().map(|room| room.joins.len()).sum();
                prop_assert_eq!(joins, report.entries.len());
            }
        }
    }

    /// What is written as Zoom writes it is read as it was.
    #[test]
    fn a_report_is_read_as_it_was_written(
        people in proptest::collection::vec(
            ("[A-Z][a-zéß']{1,8} [A-Z][a-z]{1,8}", any::<bool>(), 0..7200i64, 0..7200i64),
            1..20,
        ),
        day in 0..366i64,
        layout in 0..4usize,
        day_first in any::<bool>(),
        preamble in any::<bool>(),
    ) {
        let midnight: NaiveDateTime = "2024-01-01T00:00:00".parse().unwrap();
        let begins = midnight + TimeDelta::days(day) + TimeDelta::hours(9);
        let form = if day_first { "%d/%m/%Y %H:%M:%S" } else { "%m/%d/%Y %I:%M:%S %p" };
        let written = |at: NaiveDateTime| at.format(form).to_string();
        let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
        let meeting = ["81 2", "Aim", &written(begins), &written(begins + TimeDelta::hours(4)), "robin@example.org", "240", "2"];
        let has_preamble = preamble && layout != 3;
        if has_preamble {
            writer.write_record(LAYOUTS[4].split(',')).unwrap();
            writer.write_record(meeting).unwrap();
            writer.write_record([""; 7]).unwrap();
        }
        writer.write_record(LAYOUTS[layout].split(',')).unwrap();
        let mut wanted = Vec::new();
        for (index, (name, has_address, from, length)) in people.iter().enumerate() {
            let from = begins + TimeDelta::seconds(*from);
            let to = from + TimeDelta::seconds(*length);
            let address = if *has_address { format!("p{index}@example.org") } else { String::new() };
            let minutes = (length / 60).to_string();
            let (from_cell, to_cell) = (written(from), written(to));
            let join = [&*address, &from_cell, &to_cell, &minutes, "Yes"];
            match layout {
                2 => writer.write_record([&**name, &address, &minutes, "Yes"]).unwrap(),
                3 => writer.write_record([meeting[1], meeting[0], meeting[2], meeting[3], "240"].iter().chain([&&**name]).chain(&join)).unwrap(),
                _ => writer.write_record([&**name].iter().chain(&join)).unwrap(),
            }
            let time = match layout {
                2 => Time::Total(Minutes(u32::try_from(length / 60).unwrap())),
                _ => Time::From(Stay { from, to }),
            };
            wanted.push((name.clone(), has_address.then_some(address), time));
        }
        let text = String::from_utf8(writer.into_inner().unwrap()).unwrap();
        let report = report(&text).unwrap();
        let order = if day_first { Order::DayFirst } else { Order::MonthFirst };
        // Where both orders say the same, either is given.
        let orders = report.orders();
        let order = if orders.contains(&order) { order } else { orders[0] };
        let rooms = report.in_order(order);
        prop_assert_eq!(rooms.len(), 1);
        let read: Vec<_> = rooms[0].joins.iter().map(|join| (join.name.whole.clone(), join.address.clone(), join.time)).collect();
        prop_assert_eq!(read, wanted);
        prop_assert_eq!(rooms[0].held.is_some(), has_preamble || layout == 3);
    }
}
