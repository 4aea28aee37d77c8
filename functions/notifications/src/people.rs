//! Recipients as the rules name them, turned into people with their addresses.

use domain::notification::{Fact, NoticeKind, Notification, Recipient, whom_to_tell};
use domain::person::Role;
use domain::{OrganizationId, PersonId, Subject, TerritoryId};
use entrypoint::App;
use events::{Actor, Envelope};
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use store::StoreError;

use crate::matter::Matter;

/// Somebody who is told something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Addressee {
    /// None: the author, who has not signed in.
    pub(crate) person: Option<PersonId>,
    /// What they are told.
    pub(crate) kind: NoticeKind,
}

impl Addressee {
    /// A name for them that tells nothing of them: a part of the `Message-ID`, the same for every mail about a subject.
    pub(crate) fn mark(&self, subject: Subject) -> String {
        let who = self.person.as_ref().map_or("the author", PersonId::as_str);
        let digest = Sha256::digest(format!("{} {who}", subject.uuid()));
        hex::encode(&digest[..8])
    }

    /// Where mail to them goes, if that is known.
    pub(crate) async fn email(&self, app: &App, matter: &Matter) -> Result<Option<String>, StoreError> {
        match &self.person {
            Some(person) => Ok(app.store.contact(person).await?.and_then(|contact| contact.email)),
            None => Ok(matter.correspondent(app).await?.map(String::from)),
        }
    }
}

/// Those who are told of an event.
#[derive(Debug, Default)]
pub(crate) struct Addressees {
    /// Each once: who is named first as one thing is not told again as another.
    pub(crate) people: Vec<Addressee>,
    /// Followers of the polls of a territory, who may be millions.
    pub(crate) followers: Option<(TerritoryId, NoticeKind)>,
}

/// Those who are told of an event.
pub(crate) async fn find(
    app: &App,
    envelope: &Envelope,
    matter: &Matter,
    now: Timestamp,
) -> Result<Addressees, StoreError> {
    let notifications = match (envelope.event.fact(), matter) {
        (Some(Fact::Submission(fact)), Matter::Submission(submission)) => {
            whom_to_tell(&fact, envelope.actor.by(), submission)
        }
        (Some(Fact::Poll(fact)), Matter::Poll(poll)) => poll.whom_to_tell(fact, now),
        // A fact about another subject than its own: nobody can have written that.
        (Some(Fact::Submission(_) | Fact::Poll(_)), Matter::Submission(_) | Matter::Poll(_)) | (None, _) => {
            Vec::new()
        }
    };
    let actor = match &envelope.actor {
        Actor::Staff(person) => Some(person),
        Actor::System | Actor::Author => None,
    };
    let mut found = Addressees::default();
    for Notification { to, kind } in notifications {
        let people = match (to, matter) {
            (Recipient::Author, Matter::Submission(submission)) => vec![submission.author.clone()],
            (Recipient::Author, Matter::Poll(_)) => Vec::new(),
            (Recipient::Person(person), _) => vec![Some(person)],
            (Recipient::Coordinators(organization), _) => team(app, organization, Role::Coordinator).await?,
            (Recipient::Approvers(organization), _) => team(app, organization, Role::Approver).await?,
            (Recipient::Followers(territory), _) => {
                found.followers = Some((territory, kind));
                continue;
            }
        };
        for person in people {
            let did_it = person.is_some() && person.as_ref() == actor;
            if !did_it && !found.people.iter().any(|addressee| addressee.person == person) {
                found.people.push(Addressee { person, kind });
            }
        }
    }
    Ok(found)
}

/// Those with this role in an organization; if it has nobody, in the nearest one above that has somebody: their roles
/// reach down to it.
async fn team(
    app: &App,
    organization: OrganizationId,
    role: Role,
) -> Result<Vec<Option<PersonId>>, StoreError> {
    let mut at = Some(organization);
    while let Some(id) = at {
        let team = app.store.team(&id).await?;
        let members = team.into_iter().filter(|person| person.roles.contains(&role));
        let members: Vec<_> = members.map(|person| Some(person.id)).collect();
        if !members.is_empty() {
            return Ok(members);
        }
        at = app.store.organization(&id).await?.and_then(|organization| organization.parent);
    }
    Ok(Vec::new())
}
