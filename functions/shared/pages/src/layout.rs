//! The layout of every page: language, viewer, navigation, and the texts and numbers of its templates.

use std::collections::BTreeSet;

use domain::authorization::{self, Action};
use domain::person::Role;
use domain::{OrganizationId, PersonId};
use fluent_bundle::FluentValue;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::texts::{Texts, say};
use crate::{Asset, Language, asset, format};

/// A person who looks at a page and is signed in.
#[derive(Debug, Clone)]
pub struct Viewer {
    /// The id.
    pub person: PersonId,
    /// The name to show.
    pub name: String,
    /// The roles on the platform; none for a citizen.
    pub roles: BTreeSet<Role>,
    /// The employer, for staff.
    pub organization: Option<OrganizationId>,
}

/// The data of the layout.
#[derive(Debug, Clone)]
pub struct Layout {
    /// The page's language.
    pub language: Language,
    /// The person who looks, if signed in.
    pub viewer: Option<Viewer>,
    /// Path and query of the page.
    pub here: String,
    /// The time zone that dates are shown in.
    pub zone: TimeZone,
    /// What was just done, by the name after `done-`: shown at the top once.
    pub done: Option<String>,
}

/// An entry of the main navigation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The address.
    pub path: &'static str,
    /// Id of its text.
    pub text: &'static str,
    /// Whether it is the page shown.
    pub current: bool,
}

/// A whole number, or a reference to one: templates pass either.
pub trait Whole {
    /// The number.
    fn whole(&self) -> u64;
}

impl<T: Whole + ?Sized> Whole for &T {
    fn whole(&self) -> u64 {
        (**self).whole()
    }
}

macro_rules! whole {
    ($($number:ty),*) => {
        $(impl Whole for $number {
            fn whole(&self) -> u64 {
                u64::try_from(*self).unwrap_or_default()
            }
        })*
    };
}

whole!(u8, u16, u32, u64, usize, i32, i64);

impl Layout {
    /// The text with this id.
    pub fn t(&self, id: &str) -> String {
        Texts::of(self.language).say(id, None)
    }

    /// The text for a value: `status` and `routed` make `status-routed`.
    pub fn named(&self, prefix: &str, value: impl std::fmt::Display) -> String {
        self.t(&format!("{prefix}-{value}"))
    }

    /// A text with one argument.
    pub fn with(&self, id: &str, name: &str, value: impl std::fmt::Display) -> String {
        say(self.language, id, &[(name, FluentValue::from(value.to_string()))])
    }

    /// A text with two arguments.
    pub fn with2(
        &self,
        id: &str,
        first: &str,
        value: impl std::fmt::Display,
        second: &str,
        other: impl std::fmt::Display,
    ) -> String {
        let arguments =
            [(first, FluentValue::from(value.to_string())), (second, FluentValue::from(other.to_string()))];
        say(self.language, id, &arguments)
    }

    /// A text with any number of arguments.
    pub fn with_all(&self, id: &str, arguments: &[(&str, String)]) -> String {
        let arguments: Vec<(&str, FluentValue<'_>)> =
            arguments.iter().map(|(name, value)| (*name, FluentValue::from(value.as_str()))).collect();
        say(self.language, id, &arguments)
    }

    /// A text with a number `n`, in the right plural, and the number as `shown`.
    pub fn count(&self, id: &str, n: impl Whole) -> String {
        let n = n.whole();
        let shown = FluentValue::from(format::integer(self.language, n));
        say(self.language, id, &[("n", n.into()), ("shown", shown)])
    }

    /// Whether there is a text with this id.
    pub fn has(&self, id: &str) -> bool {
        Texts::of(self.language).has(id)
    }

    /// A whole number.
    pub fn integer(&self, number: impl Whole) -> String {
        format::integer(self.language, number.whole())
    }

    /// A number with one digit after the decimal sign.
    pub fn decimal(&self, number: &f64) -> String {
        format::decimal(self.language, *number, 1)
    }

    /// A share, 0 to 1, in per cent.
    pub fn percent(&self, share: &f64) -> String {
        format::percent(self.language, *share)
    }

    /// A day.
    pub fn date(&self, date: &Date) -> String {
        format::date(self.language, *date)
    }

    /// A day, short.
    pub fn short_date(&self, date: &Date) -> String {
        format::short_date(self.language, *date)
    }

    /// The day of an instant.
    pub fn day(&self, at: &Timestamp) -> String {
        format::date(self.language, at.to_zoned(self.zone.clone()).date())
    }

    /// Day and time of an instant.
    pub fn moment(&self, at: &Timestamp) -> String {
        format::moment(self.language, *at, &self.zone)
    }

    /// Whether the viewer may do this somewhere.
    pub fn may(&self, action: Action) -> bool {
        self.viewer.as_ref().is_some_and(|viewer| authorization::allows(&viewer.roles, action))
    }

    /// Whether the viewer is staff.
    pub fn is_staff(&self) -> bool {
        self.viewer.as_ref().is_some_and(|viewer| !viewer.roles.is_empty())
    }

    /// The main navigation: what this viewer can use.
    pub fn navigation(&self) -> Vec<Link> {
        let mut links = vec![("/", "nav-home")];
        if self.may(Action::ReadInbox) {
            links.extend([("/workspace/inbox", "nav-inbox"), ("/workspace/dashboard", "nav-dashboard")]);
        }
        if !self.is_staff() {
            links.push(("/submissions/new", "nav-report"));
            if self.viewer.is_some() {
                links.push(("/submissions", "nav-own"));
            }
        }
        if self.may(Action::ReadInbox) || self.may(Action::SearchTexts) {
            links.push(("/search", "nav-search"));
        }
        links.push(("/polls", "nav-polls"));
        links.push(("/matrix", "nav-matrix"));
        if self.may(Action::ManageDirectory) {
            links.push(("/directory", "nav-directory"));
        }
        links.push(("/help", "nav-help"));
        let path = self.here.split('?').next().unwrap_or_default();
        let current = |link: &str| {
            path == link || (link != "/" && path.starts_with(link) && path[link.len()..].starts_with('/'))
        };
        // `/submissions/new` is under `/submissions`: the longest one that fits is meant.
        let best =
            links.iter().map(|(link, _)| *link).filter(|link| current(link)).max_by_key(|link| link.len());
        links.into_iter().map(|(path, text)| Link { path, text, current: best == Some(path) }).collect()
    }

    /// Whether this is the path of the page.
    pub fn is_here(&self, path: &str) -> bool {
        self.here.split('?').next() == Some(path)
    }

    /// The other languages, to change to.
    pub fn other_languages(&self) -> impl Iterator<Item = Language> {
        let own = self.language;
        Language::ALL.into_iter().filter(move |language| *language != own)
    }

    /// What was just done, in words.
    pub fn done_text(&self) -> Option<String> {
        let id = format!("done-{}", self.done.as_ref()?);
        self.has(&id).then(|| self.t(&id))
    }

    /// A static file with its version in the address.
    pub fn asset(&self, name: &str) -> String {
        asset(name).map_or_else(String::new, Asset::address)
    }

    /// A fresh idempotency key for a form.
    pub fn key(&self) -> String {
        uuid::Uuid::new_v4().to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_navigation_shows_what_a_viewer_can_use() {
        let layout = |roles: &[Role], here: &str| Layout {
            language: Language::Ru,
            viewer: Some(Viewer {
                person: "a".parse().unwrap(),
                name: "A".into(),
                roles: roles.iter().copied().collect(),
                organization: None,
            }),
            here: here.into(),
            zone: TimeZone::UTC,
            done: None,
        };
        let citizen = layout(&[], "/submissions/new").navigation();
        let current: Vec<&str> = citizen.iter().filter(|link| link.current).map(|link| link.path).collect();
        assert_eq!(current, ["/submissions/new"]);
        let clerk = layout(&[Role::Caseworker], "/workspace/inbox?mine=true").navigation();
        assert!(clerk.iter().any(|link| link.current && link.path == "/workspace/inbox"));
        assert!(!clerk.iter().any(|link| link.path == "/directory"));
        let administrator = layout(&[Role::WorkspaceAdmin], "/directory/people").navigation();
        assert!(administrator.iter().any(|link| link.current && link.path == "/directory"));
    }
}
