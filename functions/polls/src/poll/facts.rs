//! What a poll asks and how it works, for the voter and for the organizer who prepares it.

use askama::Template;
use pages::Markup;
use pages::prelude::*;
use poll::ballot::BallotKind;
use poll::count::{CountingRule, Utility};

use crate::poll::view::PollView;

/// How it works.
#[derive(Template)]
#[template(path = "poll-facts.html")]
struct Facts<'f> {
    l: &'f Layout,
    view: &'f PollView,
    kind: BallotKind,
    /// Whether the rule spends a budget.
    spends: bool,
    /// A draft has no key yet that anybody should note.
    has_key: bool,
}

/// What can be chosen.
#[derive(Template)]
#[template(path = "poll-options.html")]
struct OptionList<'f> {
    l: &'f Layout,
    view: &'f PollView,
}

/// All that voters will see.
#[derive(Template)]
#[template(path = "poll-preview.html")]
struct Preview<'f> {
    l: &'f Layout,
    view: &'f PollView,
    options: Markup,
    facts: Markup,
}

impl Facts<'_> {
    fn about(&self) -> Option<String> {
        about(self.l, self.view)
    }

    fn limit(&self) -> Option<String> {
        limit(self.l, self.view)
    }

    fn rule(&self) -> String {
        self.l.named("poll-rule", self.view.rule.split('/').next().unwrap_or_default())
    }
}

/// How many options or points, in words.
pub(crate) fn limit(l: &Layout, view: &PollView) -> Option<String> {
    let limit = view.ballot.limit()?;
    Some(l.count(&format!("poll-limit-{}", view.ballot.kind().as_str()), limit))
}

/// What a rule means besides its name.
pub(crate) fn about(l: &Layout, view: &PollView) -> Option<String> {
    let rule: CountingRule = view.rule.parse().ok()?;
    let worth = match Utility::of(view.ballot.kind()) {
        Utility::Cost => "cost",
        Utility::Points => "points",
    };
    (rule == CountingRule::EqualShares).then(|| l.named("poll-about-equal-shares", worth))
}

pub(crate) fn facts(l: &Layout, view: &PollView, spends: bool, has_key: bool) -> Markup {
    Markup::of(&Facts { l, view, kind: view.ballot.kind(), spends, has_key })
}

pub(crate) fn options(l: &Layout, view: &PollView) -> Markup {
    Markup::of(&OptionList { l, view })
}

pub(crate) fn preview(l: &Layout, view: &PollView, spends: bool) -> Markup {
    let (options, facts) = (options(l, view), facts(l, view, spends, false));
    Markup::of(&Preview { l, view, options, facts })
}
