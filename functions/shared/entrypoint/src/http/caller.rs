//! Who calls, and what they may do.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use domain::OrganizationId;
use domain::authorization::{self, Action};
use domain::organization::OrganizationPath;
use domain::person::Person;
use domain::submission::Submission;
use store::Contact;

use super::cookies::{SESSION, TRACKING, cookie};
use super::failure::Failure;
use crate::app::App;
use crate::identity::{TokenError, Verified};

/// Whoever sends the request.
#[derive(Debug, Clone)]
pub struct Caller {
    /// Verified, if they signed in.
    pub verified: Option<Verified>,
    tracking: Option<String>,
}

/// A caller by their headers. A bearer token that is not valid is an error; a session that is over is no session.
async fn verified(headers: &HeaderMap, app: &App) -> Result<Option<Verified>, Failure> {
    let header = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).map(str::trim);
    if let Some(value) = header {
        let (scheme, token) = value.split_once(' ').unwrap_or((value, ""));
        if !scheme.eq_ignore_ascii_case("bearer") {
            return Err(Failure::Unauthenticated("use the scheme Bearer".into()));
        }
        return Ok(Some(app.identity()?.verify(token.trim()).await?));
    }
    let Some(token) = cookie(headers, SESSION) else { return Ok(None) };
    match app.identity()?.verify(&token).await {
        Ok(verified) => Ok(Some(verified)),
        Err(TokenError::Invalid(_)) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

impl FromRequestParts<App> for Caller {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Failure> {
        let header = parts.headers.get("tracking").and_then(|value| value.to_str().ok());
        let tracking =
            header.map(|value| value.trim().to_owned()).or_else(|| cookie(&parts.headers, TRACKING));
        Ok(Self { verified: verified(&parts.headers, app).await?, tracking })
    }
}

/// Whose idempotency keys those of nobody are.
pub(crate) const ANONYMOUS: &str = "anonymous";

/// A member of staff who may do what they want to do.
#[derive(Debug, Clone)]
pub struct Staff {
    /// As the directory knows them.
    pub person: Person,
    path: OrganizationPath,
}

impl Caller {
    /// Whose idempotency keys these are.
    pub(crate) fn scope(&self) -> String {
        match (&self.verified, &self.tracking) {
            (Some(verified), _) => format!("person:{}", verified.person),
            // Whoever holds the same tracking number is the same author.
            (None, Some(tracking)) => format!("tracking:{}", sha256(tracking.as_bytes())),
            (None, None) => ANONYMOUS.into(),
        }
    }

    /// The caller as an administrator of the whole platform: what they may do is not confined to a part of the tree.
    ///
    /// # Errors
    /// As [`staff`](Self::staff), and 403 for an administrator of a part.
    pub async fn administrator(&self, app: &App, action: Action) -> Result<Staff, Failure> {
        let staff = self.staff(app, action).await?;
        if staff.is_at_the_top() {
            return Ok(staff);
        }
        Err(Failure::Forbidden(
            "This is for administrators of the organization at the top of the tree.".into(),
        ))
    }

    /// What the token says of the caller, to be kept in the table `people`.
    pub fn contact(&self) -> Option<Contact> {
        let Verified { person, name, email, .. } = self.verified.clone()?;
        (name.is_some() || email.is_some()).then_some(Contact { person, name, email })
    }

    /// Is this the author: signed in as them, or with the tracking number?
    ///
    /// # Errors
    /// If the function was not given the master secret.
    pub fn is_author(&self, app: &App, submission: &Submission) -> Result<bool, Failure> {
        if let (Some(verified), Some(author)) = (&self.verified, &submission.author)
            && verified.person == *author
        {
            return Ok(true);
        }
        match &self.tracking {
            Some(typed) => Ok(app.secret()?.tracking(submission.id).matches(typed)),
            None => Ok(false),
        }
    }

    /// Is this the author by the tracking number alone, and not signed in as them?
    ///
    /// # Errors
    /// If the function was not given the master secret.
    pub fn came_by_code(&self, app: &App, submission: &Submission) -> Result<bool, Failure> {
        let signed_in = self.verified.as_ref().map(|verified| &verified.person);
        let known = signed_in.is_some() && signed_in == submission.author.as_ref();
        Ok(!known && self.is_author(app, submission)?)
    }

    /// The caller as staff who may do this somewhere.
    ///
    /// # Errors
    /// 401 for nobody, 403 for somebody without a role that allows it.
    pub async fn staff(&self, app: &App, action: Action) -> Result<Staff, Failure> {
        let Some(verified) = &self.verified else {
            return Err(Failure::Unauthenticated(
                "This needs a member of staff: send a bearer token.".into(),
            ));
        };
        let denied = || Failure::Forbidden("None of your roles allows this.".into());
        let person = app.store.person(&verified.person).await?.ok_or_else(denied)?;
        if !authorization::allows(&person.roles, action) {
            return Err(denied());
        }
        let organization = app.store.organization(&person.organization).await?.ok_or_else(denied)?;
        Ok(Staff { person, path: organization.path })
    }
}

impl Staff {
    /// Do the person's roles reach this organization: their own, or one under it?
    ///
    /// # Errors
    /// If the database fails.
    pub async fn reaches(&self, app: &App, organization: &OrganizationId) -> Result<bool, Failure> {
        let found = app.store.organization(organization).await?;
        // What an organization that has left the directory worked on is seen to from the top of the tree.
        Ok(found.map_or_else(|| self.is_at_the_top(), |organization| organization.path.is_within(&self.path)))
    }

    /// Do they reach the organization that works on this submission?
    ///
    /// # Errors
    /// If the database fails.
    pub async fn works_on(&self, app: &App, submission: &Submission) -> Result<bool, Failure> {
        match &submission.organization {
            Some(organization) => self.reaches(app, organization).await,
            None => Ok(false),
        }
    }

    /// Do they work at the top of the tree, so that their roles reach everything?
    pub fn is_at_the_top(&self) -> bool {
        self.path.steps().count() == 1
    }

    /// The way from the root of the tree to their organization.
    pub const fn path(&self) -> &OrganizationPath {
        &self.path
    }

    /// May they do this?
    pub fn may(&self, action: Action) -> bool {
        authorization::allows(&self.person.roles, action)
    }
}

/// SHA-256 in hex.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    use sha2::{Digest, Sha256};
    hex::encode(Sha256::digest(bytes))
}
