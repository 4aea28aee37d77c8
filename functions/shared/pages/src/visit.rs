//! A request as pages see it: whether a page is wanted, in which language, and by whom.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Uri};
use entrypoint::App;
use entrypoint::http::{Caller, Failure};
use jiff::tz::TimeZone;

use crate::Language;
use crate::accept::wants_page;
use crate::layout::{Layout, Viewer};

/// A request as pages see it.
#[derive(Debug, Clone)]
pub struct Visit {
    /// Whether a page is wanted; programs get JSON.
    pub page: bool,
    /// The layout of the page.
    pub layout: Layout,
}

impl Layout {
    /// The layout for somebody who is not known.
    pub fn of_nobody(headers: &HeaderMap, uri: &Uri) -> Self {
        let here = uri.path_and_query().map_or("/", axum::http::uri::PathAndQuery::as_str).to_owned();
        let done = uri.query().unwrap_or_default().split('&').find_map(|pair| pair.strip_prefix("done="));
        // Only a name of a text is shown, never what somebody wrote into a link.
        let done = done.filter(|name| name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'));
        Self {
            language: Language::of(headers),
            viewer: None,
            here,
            zone: TimeZone::UTC,
            done: done.map(str::to_owned),
        }
    }
}

impl Visit {
    /// A visit by somebody who is not known.
    pub(crate) fn of_nobody(headers: &HeaderMap, uri: &Uri) -> Self {
        Self { page: wants_page(headers), layout: Layout::of_nobody(headers, uri) }
    }

    /// Who looks, and in which time zone.
    pub(crate) async fn look_up(&mut self, caller: &Caller, app: &App) -> Result<(), Failure> {
        if let Some(verified) = &caller.verified {
            let staff = app.store.person(&verified.person).await?;
            let (roles, organization) =
                staff.map(|person| (person.roles, Some(person.organization))).unwrap_or_default();
            let name = verified.name.clone().unwrap_or_else(|| verified.person.to_string());
            let person = verified.person.clone();
            self.layout.viewer = Some(Viewer { person, name, roles, organization });
        }
        let rulebook = app.store.rulebook().await?;
        if let Some(root) = rulebook.root_territory() {
            self.layout.zone = rulebook.local_days(&root.id).zone;
        }
        Ok(())
    }
}

impl FromRequestParts<App> for Visit {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Failure> {
        let mut visit = Self::of_nobody(&parts.headers, &parts.uri);
        if visit.page {
            let Ok(app) = App::from_request_parts(parts, app).await;
            let caller = Caller::from_request_parts(parts, &app).await?;
            visit.look_up(&caller, &app).await?;
        }
        Ok(visit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_are_taken_from_links() {
        let done = |uri: &str| Layout::of_nobody(&HeaderMap::new(), &uri.parse().unwrap()).done;
        assert_eq!(done("/a?done=assigned").as_deref(), Some("assigned"));
        assert_eq!(done("/a?done=%3Cb%3E"), None);
    }
}
