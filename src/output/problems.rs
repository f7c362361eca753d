//! Mistakes in `cohorts.toml` on the screen, each under its line. Which
//! mistakes there are is `definitions`' business.

use annotate_snippets::{AnnotationKind, Level as Severity, Renderer, Snippet};

use crate::definitions::{FILE_NAME, Level, Problem};

/// What a byte order mark takes up at the beginning of a file, where no editor
/// shows it.
const BOM: char = '\u{feff}';

/// The longest help that stands beside its mark; longer ones get their own line.
const SHORT: usize = 60;

/// Every problem as `cohorts.toml:LINE:COLUMN`, with the line and what would
/// be right.
pub fn render(text: &str, problems: &[Problem], color: bool) -> String {
    render_of(FILE_NAME, text, problems, color)
}

/// The same of another file.
pub fn render_of(file: &str, text: &str, problems: &[Problem], color: bool) -> String {
    let renderer = if color { Renderer::styled() } else { Renderer::plain() };
    let lines = Lines::of(text);
    let shown: Vec<_> =
        problems.iter().map(|problem| one(file, &lines, problem, &renderer)).collect();
    shown.join("\n\n") + "\n"
}

fn one(file: &str, lines: &Lines<'_>, problem: &Problem, renderer: &Renderer) -> String {
    // The renderer is given one line only, or it would look for it through the
    // whole file each time.
    let (number, start, line) = lines.at(problem.place.start);
    let end = line.len();
    let from = problem.place.start.saturating_sub(start).min(end);
    let to = problem.place.end.saturating_sub(start).clamp(from, end);

    let severity = match problem.level {
        Level::Error => Severity::ERROR,
        Level::Warning => Severity::WARNING,
    };
    let (beside, below) = match problem.help.as_deref() {
        Some(help) if help.chars().count() > SHORT => (None, Some(help)),
        help => (help, None),
    };
    let mark = AnnotationKind::Primary.span(from..to).label(beside);
    let snippet = Snippet::source(line).path(file).line_start(number).annotation(mark);
    let group = severity.primary_title(&*problem.what).element(snippet);
    let group = group.elements(below.map(|help| Severity::HELP.message(help)));
    renderer.render(&[group])
}

/// A text by its lines.
struct Lines<'t> {
    text: &'t str,
    starts: Vec<usize>,
}

impl<'t> Lines<'t> {
    fn of(text: &'t str) -> Self {
        let first = if text.starts_with(BOM) { BOM.len_utf8() } else { 0 };
        let others = text.match_indices('\n').map(|(at, _)| at + 1);
        Self { text, starts: std::iter::once(first).chain(others).collect() }
    }

    /// The line that a byte is on: its number, where it starts, and its text.
    fn at(&self, byte: usize) -> (usize, usize, &'t str) {
        let number = self.starts.partition_point(|start| *start <= byte).max(1);
        let start = self.starts[number - 1];
        let rest = &self.text[start..];
        let line = rest.lines().next().unwrap_or_default();
        (number, start, line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(text: &str, what: &str, at: &str, help: Option<&str>) -> Problem {
        let start = text.find(at).unwrap();
        Problem {
            level: Level::Error,
            place: start..start + at.len(),
            what: what.into(),
            help: help.map(str::to_owned),
        }
    }

    #[test]
    fn each_problem_stands_under_its_line() {
        let text = "[program]\r\nsesions = 4\r\nname = 'Zo\u{eb} \u{65e5}' # here\r\n";
        let mut second = problem(text, "odd", "here", None);
        second.level = Level::Warning;
        let problems = [
            problem(text, "unknown key `sesions`", "sesions", Some("did you mean `sessions`?")),
            second,
        ];
        let expected = "\
error: unknown key `sesions`
 --> cohorts.toml:2:1
  |
2 | sesions = 4
  | ^^^^^^^ did you mean `sessions`?

warning: odd
 --> cohorts.toml:3:18
  |
3 | name = 'Zo\u{eb} \u{65e5}' # here
  |                   ^^^^
";
        assert_eq!(render(text, &problems, false), expected);
        let colored = render(text, &problems, true);
        assert!(colored.contains("\u{1b}["));
    }

    #[test]
    fn a_long_help_stands_below() {
        let text = "colour = 1";
        let help = "there are `a` and `b`, and after them a good many other ones as well";
        let problems = [problem(text, "unknown key `colour`", "colour", Some(help))];
        let expected = format!(
            "\
error: unknown key `colour`
 --> cohorts.toml:1:1
  |
1 | colour = 1
  | ^^^^^^
  |
  = help: {help}
"
        );
        assert_eq!(render(text, &problems, false), expected);
    }

    #[test]
    fn the_ends_of_a_file_can_be_pointed_at() {
        for text in ["", "\u{feff}", "\u{feff}x", "x\n", "x"] {
            for at in [0, text.len()] {
                let mut one = problem(text, "missing", "", None);
                one.place = at..at;
                let shown = render(text, &[one], false);
                assert!(shown.starts_with("error: missing\n --> cohorts.toml:"), "{shown}");
            }
        }
        let marked = "\u{feff}a = b";
        let shown = render(marked, &[problem(marked, "wrong", "b", None)], false);
        assert!(shown.contains("--> cohorts.toml:1:5\n"), "{shown}");
    }
}
