//! Who is told: recipients as the rules name them, turned into people with their addresses.

use domain::notification::{NoticeKind, Recipient, Told, whom_to_tell};
use domain::person::Role;
use domain::submission::Submission;
use domain::{OrganizationId, PersonId};
use entrypoint::App;
use events::{Actor, Envelope};
use sha2::{Digest, Sha256};
use store::StoreError;

/// Somebody who is told something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Addressee {
    /// None: the author, who has not signed in.
    pub(crate) person: Option<PersonId>,
    /// What they are told.
    pub(crate) kind: NoticeKind,
}

impl Addressee {
    /// A name for them that tells nothing of them: a part of the `Message-ID`, the same for every mail about a submission.
    pub(crate) fn mark(&self, submission: &Submission) -> String {
        let who = self.person.as_ref().map_or("the author", PersonId::as_str);
        let digest = Sha256::digest(format!("{} {who}", submission.id));
        hex::encode(&digest[..8])
    }

    /// Where mail to them goes, if that is known.
    pub(crate) async fn email(
        &self,
        app: &App,
        submission: &Submission,
    ) -> Result<Option<String>, StoreError> {
        match &self.person {
            Some(person) => Ok(app.store.contact(person).await?.and_then(|contact| contact.email)),
            None => Ok(app.store.correspondent(submission.id).await?.map(String::from)),
        }
    }
}

/// Those who are told of an event, each once: who is named first as one thing is not told again as another.
pub(crate) async fn find(
    app: &App,
    envelope: &Envelope,
    submission: &Submission,
) -> Result<Vec<Addressee>, StoreError> {
    let Some(fact) = envelope.event.fact() else { return Ok(Vec::new()) };
    let actor = match &envelope.actor {
        Actor::Staff(person) => Some(person),
        Actor::System | Actor::Author => None,
    };
    let mut found: Vec<Addressee> = Vec::new();
    for Told { to, kind } in whom_to_tell(&fact, envelope.actor.by(), submission) {
        let people = match to {
            Recipient::Author => vec![submission.author.clone()],
            Recipient::Caseworker(person) => vec![Some(person)],
            Recipient::Coordinators(organization) => team(app, organization, Role::Coordinator).await?,
            Recipient::Approvers(organization) => team(app, organization, Role::Approver).await?,
        };
        for person in people {
            let did_it = person.is_some() && person.as_ref() == actor;
            if !did_it && !found.iter().any(|addressee| addressee.person == person) {
                found.push(Addressee { person, kind });
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
