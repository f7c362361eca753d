//! What the columns of Zoom's reports are, by their headings: in the wordings of
//! several years, and in the languages of which reports were seen.

use super::super::Row;
use crate::domain::text::fold;

/// Headings as they are compared, see [`plain`].
const NAME: &[&str] = &[
    "name original name",
    "user name original name",
    "nombre nombre original",
    "nom nom original",
    "nom nom d origine",
    "nome nome original",
    "name ursprunglicher name",
    "name originalname",
];
/// Seen where somebody has tidied a report; only beside columns of times.
const BARE_NAME: &[&str] = &["name", "nom", "nome", "nombre", "participant"];
const ADDRESS: &[&str] = &[
    "user email",
    "email",
    "e mail",
    "e mail del usuario",
    "correo electronico",
    "correo electronico del usuario",
    "adresse e mail de l utilisateur",
    "adresse e mail",
    "courriel",
];
const JOIN: &[&str] = &[
    "join time",
    "hora de entrada",
    "hora para unirse",
    "hora de ingreso",
    "heure d arrivee",
    "heure de connexion",
    "ingressar na hora",
    "beitrittszeit",
];
const LEAVE: &[&str] = &[
    "leave time",
    "hora de salida",
    "hora para salir",
    "heure de depart",
    "heure de deconnexion",
    "hora de saida",
    "austrittszeit",
];
const MINUTES: &[&str] = &[
    "duration minutes",
    "total duration minutes",
    "duracion minutos",
    "duracion total minutos",
    "duree minutes",
    "duree totale minutes",
    "duracao minutos",
    "duracao total minutos",
    "dauer minuten",
    "gesamtdauer minuten",
];
const RECORDING: &[&str] = &[
    "recording consent",
    "recording disclaimer response",
    "respuesta al descargo de responsabilidad relativa a la grabacion",
];
const GUEST: &[&str] = &["guest", "invite", "invitado", "convidado", "gast"];
const WAITING: &[&str] = &[
    "in waiting room",
    "en sala de espera",
    "dans la salle d attente",
    "salle d attente",
    "na sala de espera",
    "im warteraum",
];
const TOPIC: &[&str] = &["topic", "tema", "sujet", "topico", "thema"];
const ID: &[&str] = &["meeting id", "id"];
const START: &[&str] =
    &["start time", "hora de inicio", "heure de debut", "hora de inicio", "startzeit"];
const END: &[&str] =
    &["end time", "hora de finalizacion", "heure de fin", "hora de termino", "endzeit"];
const HOST: &[&str] = &["user email", "host email", "host", "anfitrion", "anfitriao"];

/// What the rows below a heading are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum About {
    /// One row, of the meeting.
    Meeting,
    Joins,
}

/// Which column is what.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Headings {
    pub(super) name: Option<usize>,
    pub(super) address: Option<usize>,
    pub(super) join: Option<usize>,
    pub(super) leave: Option<usize>,
    pub(super) minutes: Option<usize>,
    pub(super) guest: Option<usize>,
    pub(super) recording: Option<usize>,
    pub(super) waiting: Option<usize>,
    pub(super) start: Option<usize>,
    pub(super) end: Option<usize>,
    /// Columns that may hold the host's address.
    pub(super) host: Vec<usize>,
    /// The columns by which a row's meeting is known from the others.
    pub(super) key: Vec<usize>,
}

/// A heading as it is compared: without case, accents and signs.
fn plain(heading: &str) -> String {
    let folded = fold(heading);
    let words = folded.split(|c: char| !c.is_ascii_alphanumeric());
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

impl Headings {
    /// The columns of a row, if it is a heading.
    ///
    /// Where one table has the meeting and its joins, the name parts them: what
    /// stands before it, such as one of two durations, is the meeting's.
    pub(super) fn of(row: &Row) -> Option<Self> {
        let cells: Vec<String> = row.cells.iter().map(plain).collect();
        let is = |column: usize, known: &[&str]| known.contains(&&*cells[column]);
        let first = |known: &[&str], from: usize| (from..cells.len()).find(|at| is(*at, known));

        let name = first(NAME, 0).or_else(|| first(BARE_NAME, 0));
        let from = name.unwrap_or(cells.len());
        let before = |known: &[&str]| (0..from).filter(|at| is(*at, known)).collect::<Vec<_>>();
        let after = |known: &[&str]| first(known, from);
        let (start, end) = (before(START).first().copied(), before(END).first().copied());
        let headings = Self {
            name,
            address: after(ADDRESS),
            join: after(JOIN),
            leave: after(LEAVE),
            minutes: after(MINUTES),
            guest: after(GUEST),
            recording: after(RECORDING),
            waiting: after(WAITING),
            start,
            end,
            host: before(HOST),
            key: [before(TOPIC), before(ID), start.into_iter().collect()].concat(),
        };
        let has_times = headings.join.is_some() && headings.leave.is_some();
        let tells_of_joins = name.is_some() && (has_times || headings.minutes.is_some());
        let tells_of_a_meeting = start.is_some() && end.is_some() && name.is_none();
        (tells_of_joins || tells_of_a_meeting).then_some(headings)
    }

    pub(super) fn about(&self) -> About {
        if self.name.is_some() { About::Joins } else { About::Meeting }
    }

    /// Whether each row says which meeting it is of.
    pub(super) fn name_meetings(&self) -> bool {
        !self.key.is_empty()
    }
}
