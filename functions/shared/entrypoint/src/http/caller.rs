//! The caller of a request, and what the caller may do.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use domain::OrganizationId;
use domain::authorization::{self, Action};
use domain::organization::OrganizationPath;
use domain::person::Person;
use domain::submission::Submission;
use store::Contact;

use super::cookies::{TRACKING, cookie};
use super::failure::Failure;
use super::pinned::Pinned;
use crate::app::App;
use crate::identity::Verified;

/// The sender of a request.
#[derive(Debug, Clone)]
pub struct Caller {
    /// Verified, if they signed in.
    pub verified: Option<Verified>,
    tracking: Option<String>,
}

impl FromRequestParts<App> for Caller {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Failure> {
        let header = parts.headers.get("tracking").and_then(|value| value.to_str().ok());
        let tracking =
            header.map(|value| value.trim().to_owned()).or_else(|| cookie(&parts.headers, TRACKING));
        let verified = Pinned::of(parts, app).verified(&parts.headers).await?;
        Ok(Self { verified, tracking })
    }
}

/// The owner of the idempotency keys of callers who did not sign in.
pub(crate) const ANONYMOUS: &str = "anonymous";

/// A member of staff whose roles allow the action that was asked about.
#[derive(Debug, Clone)]
pub struct Staff {
    /// The entry of the directory.
    pub person: Person,
    path: OrganizationPath,
}

impl Caller {
    /// A caller who did not sign in and holds no tracking number.
    pub const fn nobody() -> Self {
        Self { verified: None, tracking: None }
    }

    /// The owner of the caller's idempotency keys.
    pub(crate) fn scope(&self) -> String {
        match (&self.verified, &self.tracking) {
            (Some(verified), _) => format!("person:{}", verified.person),
            // The tracking number is secret: its holder is the author.
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

    /// Whether the caller is the author: signed in as such, or with the tracking number.
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

    /// Whether only the tracking number makes the caller the author.
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
    /// 401 for a caller who did not sign in, 403 for one without a role that allows it.
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
    /// Whether the person's roles reach this organization: the person's own, or one under it.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn reaches(&self, app: &App, organization: &OrganizationId) -> Result<bool, Failure> {
        let found = app.store.organization(organization).await?;
        // What an organization that has left the directory worked on is seen to from the top of the tree.
        Ok(found.map_or_else(|| self.is_at_the_top(), |organization| organization.path.is_within(&self.path)))
    }

    /// Whether the roles reach the organization that works on this submission.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn works_on(&self, app: &App, submission: &Submission) -> Result<bool, Failure> {
        match &submission.organization {
            Some(organization) => self.reaches(app, organization).await,
            None => Ok(false),
        }
    }

    /// Whether the organization is at the top of the tree, so that the roles reach everything.
    pub fn is_at_the_top(&self) -> bool {
        self.path.steps().count() == 1
    }

    /// The way from the root of the tree to the organization.
    pub const fn path(&self) -> &OrganizationPath {
        &self.path
    }

    /// Whether the roles allow this.
    pub fn may(&self, action: Action) -> bool {
        authorization::allows(&self.person.roles, action)
    }
}

/// SHA-256 in hex.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    use sha2::{Digest, Sha256};
    hex::encode(Sha256::digest(bytes))
}
