//! The names of files and folders, as far as they say who somebody is.

use super::message::Kind;
use super::text::fold;
use super::words::Word;

/// What stands in the place of a name that told of somebody who was erased.
const NAMELESS: [&str; 2] = ["a folder whose name was erased", "a file whose name was erased"];

/// What may lie between the name of a folder and that of a file in it, on any system.
const BETWEEN: [char; 2] = ['/', '\\'];

/// In these each user has a folder of their own, which may be called as they are.
const OF_EACH_USER: [&str; 3] = ["home", "Users", "media"];

/// Whether a name in a path was emptied, so that nobody can look there any more.
pub fn is_emptied(path: &str) -> bool {
    path.split(BETWEEN).any(|part| NAMELESS.contains(&part))
}

/// What says who somebody is: the words of all names and addresses that they have
/// or had.
pub struct Telling {
    words: Vec<String>,
    /// Those that tell by themselves.
    alone: Vec<String>,
    addresses: Vec<String>,
}

impl Telling {
    /// Words of cohorts' ids, if they are given, tell of nobody by themselves, nor do
    /// then those of the names that `mail` gives: June Winter is not why a file of
    /// winter-2026 is called so.
    pub fn of(names: &[String], cohorts: &[String]) -> Self {
        let words: Vec<String> = names
            .iter()
            .map(|name| name.split('@').next().unwrap_or(name))
            .flat_map(|name| words_of(name).into_iter().chain(squeezed(name)))
            // Digits alone are a day's as well.
            .filter(|word| word.contains(char::is_alphabetic))
            .collect();
        let mut nobodys: Vec<String> = cohorts.iter().flat_map(|id| words_of(id)).collect();
        if !cohorts.is_empty() {
            let kinds = Kind::ALL.iter().map(|kind| kind.word());
            nobodys.extend(kinds.chain(["mail", "week"]).map(str::to_owned));
        }
        Self {
            alone: words.iter().filter(|word| !nobodys.contains(word)).cloned().collect(),
            words,
            addresses: names.iter().filter(|name| name.contains('@')).map(|n| fold(n)).collect(),
        }
    }

    /// A path in which every name of a file or a folder that tells is emptied; nothing
    /// where none does. Those that lead to the folder of the records, or say whose
    /// computer it is, are the coordinator's.
    pub fn emptied(&self, path: &str, records: &str) -> Option<String> {
        let parts: Vec<&str> = path.split(BETWEEN).collect();
        let leads = parts.iter().zip(records.split(BETWEEN)).take_while(|(a, b)| *a == b).count();
        // A folder below that may be called `media` as well.
        let users = parts.iter().position(|part| OF_EACH_USER.contains(part)).map(|at| at + 1);
        let is_users = |at: usize| users == Some(at) && at + 1 < parts.len();
        let mut left = path.chars();
        let mut emptied = String::new();
        for (at, part) in parts.iter().enumerate() {
            let is_kept = at < leads || is_users(at) || NAMELESS.contains(part);
            emptied += match is_kept || !self.is_in(part) {
                true => part,
                false => NAMELESS[usize::from(at + 1 == parts.len())],
            };
            // What lies between is as it was.
            emptied.extend(left.nth(part.chars().count()));
        }
        (emptied != path).then_some(emptied)
    }

    /// Whether a name says who they are: by one word of theirs, by two that are run
    /// together, or by a whole address.
    fn is_in(&self, name: &str) -> bool {
        let words = words_of(name);
        let (together, folded) = (words.concat(), fold(name));
        let own = &self.words;
        // `tran2.csv` is the second one of them.
        let is_theirs = |word: &String| {
            let unnumbered = word.trim_matches(|c: char| c.is_ascii_digit());
            self.alone.contains(word)
                || unnumbered.chars().count() > 2 && self.alone.iter().any(|one| one == unnumbered)
        };
        words.iter().any(is_theirs)
            || own.iter().any(|one| {
                own.iter().any(|other| one != other && together.contains(&format!("{one}{other}")))
            })
            || self.addresses.iter().any(|address| folded.contains(address))
    }
}

/// A name with nothing between its letters: O'Neil's file may be `oneil.csv`, and that
/// of j.smith `jsmith.csv`.
fn squeezed(name: &str) -> Option<String> {
    let squeezed: String = fold(name).chars().filter(|c| c.is_alphanumeric()).collect();
    (squeezed.chars().count() > 2).then_some(squeezed)
}

/// The words of a text, without case or accents; not those of one sign.
fn words_of(text: &str) -> Vec<String> {
    let folded = fold(text);
    let words = folded.split(|c: char| !c.is_alphanumeric());
    words.filter(|word| word.chars().count() > 1).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_in_a_path_that_says_who_somebody_is_is_emptied() {
        let names = ["Kit", "Tran", "Lê", "kitty88@example.org", "t@example.org"];
        let kit = Telling::of(&names.map(str::to_owned), &[]);
        let records = "/home/robin/kit";
        let [folder, file] = NAMELESS;
        for (path, left) in [
            ("/home/robin/kit.txt", format!("/home/robin/{file}")),
            ("/home/robin/answer for Kit.txt", format!("/home/robin/{file}")),
            ("/home/robin/KitTran.txt", format!("/home/robin/{file}")),
            ("/home/robin/trankit2.txt", format!("/home/robin/{file}")),
            ("/home/robin/kitty88.txt", format!("/home/robin/{file}")),
            ("/home/robin/le.txt", format!("/home/robin/{file}")),
            ("/home/robin/t@example.org.txt", format!("/home/robin/{file}")),
            ("/home/robin/Tran, Kit/answer.txt", format!("/home/robin/{folder}/answer.txt")),
            ("/usb/lê/dir-kit/Kit/kit", format!("/usb/{folder}/{folder}/{folder}/{file}")),
            ("C:\\Users\\kit\\Kit\\answer.txt", format!("C:\\Users\\kit\\{folder}\\answer.txt")),
            ("/home/robin/kit/kit/roster.csv", format!("/home/robin/kit/{folder}/roster.csv")),
            ("/home/kit", format!("/home/{file}")),
            ("/home/robin/media/Kit/a.txt", format!("/home/robin/media/{folder}/a.txt")),
        ] {
            assert_eq!(kit.emptied(path, records), Some(left), "{path}");
        }
        for path in [
            "/home/kit/roster.csv",
            "/run/media/kit/usb/roster.csv",
            "/home/robin/kit/roster.csv",
            "/home/robin/kitchen.csv",
            "/home/robin/example.org.csv",
            "/home/robin/transport/roster.csv",
        ] {
            assert_eq!(kit.emptied(path, records), None, "{path}");
        }
        // What was emptied stays so, whoever is erased after that.
        let name = Telling::of(&["Name", "File"].map(str::to_owned), &[]);
        for part in NAMELESS {
            assert!(is_emptied(&format!("/{part}/roster.csv")));
            assert_eq!(name.emptied(&format!("/{part}/roster.csv"), records), None);
        }
        assert!(!is_emptied("/home/robin/roster.csv"));
    }

    #[test]
    fn digits_tell_of_nobody_by_themselves() {
        let names = ["Amara", "amara.01@example.org", "amara.2026@example.org"];
        let amara = Telling::of(&names.map(str::to_owned), &[]);
        for path in ["/roster-2026-01-05.csv", "/office-2026-01-05.backup", "/01/a.csv"] {
            assert_eq!(amara.emptied(path, ""), None, "{path}");
        }
        for path in ["/amara.01.csv", "/2026amara.csv", "/amara-2026-01-05.csv"] {
            assert!(amara.emptied(path, "").is_some(), "{path}");
        }
    }

    #[test]
    fn a_name_is_found_without_what_is_between_its_letters_and_with_a_number() {
        let names = ["Sean", "O'Neil", "s.oneil@example.org", "j.smith@example.org", "Li"];
        let sean = Telling::of(&names.map(str::to_owned), &[]);
        for name in ["oneil2.txt", "soneil.csv", "Sean2.csv", "O'Neil.txt", "jsmith.csv", "li.csv"]
        {
            assert!(sean.emptied(&format!("/usb/{name}"), "").is_some(), "{name}");
        }
        for name in ["season.csv", "li2.csv", "smithy.csv", "list.csv"] {
            assert_eq!(sean.emptied(&format!("/usb/{name}"), ""), None, "{name}");
        }
        // Whose computer it is may stand deep in a path.
        for path in ["/mnt/c/Users/sean/roster.csv", "/System/Volumes/Data/Users/Sean/a/b.csv"] {
            assert_eq!(sean.emptied(path, ""), None, "{path}");
        }
    }

    #[test]
    fn a_word_of_a_cohorts_id_tells_of_nobody_by_itself() {
        let names = ["June", "Winter", "reminder@example.org"].map(str::to_owned);
        let june = Telling::of(&names, &["winter-2026".to_owned(), "june-2025".to_owned()]);
        for path in
            ["/mail-winter-2026-week-1-reminder", "/usb/Winter/roster.csv", "/june-2025.csv"]
        {
            assert_eq!(june.emptied(path, ""), None, "{path}");
        }
        for path in ["/june winter.txt", "/WinterJune.txt", "/reminder@example.org.txt"] {
            assert!(june.emptied(path, "").is_some(), "{path}");
        }
    }
}
