use super::mistakes;

#[test]
fn broken_toml_is_explained_in_plain_words() {
    for (text, said) in [
        (
            "name = \u{201c}Aim\u{201d}\n",
            "1:8 `\u{201c}Aim\u{201d}` is in curly quotation marks (use straight ones: `\"Aim\"`)",
        ),
        ("sessions = Four\n", "1:12 `Four` must be in digits (write `4`)"),
        ("weekday = Tuesday\n", "1:11 `Tuesday` must be in quotation marks (write `\"Tuesday\"`)"),
        ("sessions =\n", "1:11 the value is missing (write it after the `=`)"),
        (
            "sessions 4\n",
            "1:10 a line here is one word, then `=` and its value (like `capacity = 12`)",
        ),
        (
            "text = \nWe agree.\nTo all of it.\n\"\"\"\n[x]\na = 1\n",
            "1:8 the value is missing (write it after the `=`)\n2:4 a line here is one word, then `=` and its value (like `capacity = 12`; a text of several lines begins and ends with `\"\"\"`)",
        ),
        ("sessions = 04\n", "1:12 a number must not begin with 0"),
        (
            "capacity = 12, 13\n",
            "1:14 the line goes on after its value (put the rest on a line of its own, or a `#` before it)",
        ),
        ("starts_at = 9:30\n", "1:13 `9:30` is no time (a time is written like 09:30:00)"),
        ("since = 2024-02-30\n", "1:9 `2024-02-30` is no date (a date is written like 2024-01-23)"),
        ("since = 23/01/2024\n", "1:9 `23/01/2024` is no date (a date is written like 2024-01-23)"),
        (
            "name = \"Aim\nx = 1\n",
            "1:12 the text is not closed (a quotation mark is missing at the end of it)",
        ),
        (
            "a = 1\ntext = \"\"\"\nWe agree.\n[x]\n",
            "2:8 the text is not closed (end it with the same three quotation marks)",
        ),
        (
            "name = \"C:\\path\"\n",
            "1:12 `\\` has a meaning of its own in text (write `\\\\` for one `\\`)",
        ),
        (
            "leave = ['a', 'b'\n\ncapacity = 3\n[roster]\nx = [1]\n",
            "1:18 the list is not closed (a `,` or a `]` is missing here)",
        ),
        (
            "leave = ['a' 'b']\nx = y\n",
            "1:13 the list is not closed (a `,` or a `]` is missing here)\n2:5 `y` must be in quotation marks (write `\"y\"`)",
        ),
        (
            "moved = [{ week = 3, to = 2024-02-08 ]\nx = 1\n",
            "1:37 the braces are not closed (a `,` or a `}` is missing here)",
        ),
        ("[program\nname = 1\n", "1:9 the section's name is not closed (a `]` is missing here)"),
        ("[[cohort]\nid = 1\n", "1:10 the section's name is not closed (a `]]` is missing here)"),
        ("a = 1\na = 2\n", "2:1 `a` is here twice (keep one of them)"),
        (
            "[program]\na = 1\nb = 1\n[program]\na = 1\nb = 2\n[x]\nc = 1\nc = 2\n",
            "4:2 the section `program` is here twice (keep one of them)\n9:1 `c` is here twice (keep one of them)",
        ),
        (
            "[[cohort]]\n[cohort]\n",
            "2:2 the section `cohort` is here twice (begin each with `[[cohort]]`, in double brackets)",
        ),
        (
            "\"日本語é\" = Tuesday\r\nx = y\r\n",
            "1:10 `Tuesday` must be in quotation marks (write `\"Tuesday\"`)\n2:5 `y` must be in quotation marks (write `\"y\"`)",
        ),
    ] {
        assert_eq!(mistakes(text), said, "{text}");
    }
}

/// Whatever is cut off or left out of a real file, it is read without a panic
/// and every problem stands within it.
#[test]
fn no_damage_makes_the_reader_stumble() {
    let text = include_str!("../../../cohorts.toml").replace("Zoom", "Zo\u{f6}m");
    let cuts: Vec<_> = (0..text.len()).filter(|at| text.is_char_boundary(*at)).step_by(7).collect();
    for at in cuts {
        mistakes(&text[..at]);
        mistakes(&text[at..]);
        let next = (at + 1..=text.len()).find(|next| text.is_char_boundary(*next)).unwrap_or(at);
        mistakes(&format!("{}{}", &text[..at], &text[next..]));
    }
}
