//! The lists of values that filters offer.

use domain::Status;
use domain::rulebook::Rulebook;
use entrypoint::App;
use entrypoint::http::Failure;
use pages::choices::{self, Group};
use pages::{Choice, Layout};

use super::context::ReadContext;
use super::scope::ReadScope;
use super::{NO_CATEGORY, ONLY};

/// No category, then groups with their topics.
pub(crate) fn categories(l: &Layout, rulebook: &Rulebook) -> Vec<Choice> {
    let none = Choice::new(NO_CATEGORY, l.t("no-category"));
    let mut choices = choices::categories(l, &rulebook.categories, Group::Whole);
    choices.insert(0, none);
    choices
}

/// Statuses, with two sets of them before.
pub(crate) fn statuses(l: &Layout) -> Vec<Choice> {
    let sets = [("open", "search-open"), ("answered,closed", "search-answered")];
    let sets = sets.into_iter().map(|(value, text)| Choice::new(value, l.t(text)));
    sets.chain(Status::ALL.iter().map(|s| Choice::new(s.as_str(), l.named("status", s)))).collect()
}

pub(crate) fn kinds(l: &Layout) -> Vec<Choice> {
    ["report", "appeal"].map(|kind| Choice::new(kind, l.named("kind", kind))).into()
}

pub(crate) fn only(l: &Layout) -> Vec<Choice> {
    ONLY.map(|only| Choice::new(only, l.named("search-only", only))).into()
}

/// The organizations that a caller may filter by; none if they are too many for a list, or not for the caller.
pub(crate) async fn organizations(context: &ReadContext<'_>) -> Result<Option<Vec<Choice>>, Failure> {
    let is_reached = |id| match &context.scope {
        ReadScope::Public => false,
        ReadScope::Within(reached) => reached.contains(id),
        ReadScope::Everything => true,
    };
    if !context.reads_texts() {
        return Ok(None);
    }
    let all = context.app.store.organizations().await?;
    let reached = all.iter().filter(|organization| is_reached(&organization.id));
    Ok(choices::listed(reached.map(|o| (o.id.to_string(), o.name.as_str()))))
}

/// The organizations within a path, as [`organizations`].
pub(crate) async fn organizations_under(
    app: &App,
    path: &domain::organization::OrganizationPath,
) -> Result<Option<Vec<Choice>>, Failure> {
    let all = app.store.organizations().await?;
    let reached = all.iter().filter(|organization| organization.path.is_within(path));
    Ok(choices::listed(reached.map(|o| (o.id.to_string(), o.name.as_str()))))
}
