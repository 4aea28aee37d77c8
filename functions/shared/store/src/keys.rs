//! Every key string of the tables, and nowhere else. The access patterns they serve stand in `../README.md`.

use domain::directory::Section;
use domain::{EventId, OrganizationId, PersonId, PollId, Subject, SubmissionId, TemplateId, TerritoryId};
use events::{Consumer, Delivery};
use jiff::Timestamp;
use poll::proof::Bytes32;

/// Partition key attribute of both tables.
pub const PK: &str = "pk";
/// Sort key attribute of both tables.
pub const SK: &str = "sk";
/// The attribute that holds what an item is about.
pub const BODY: &str = "body";
/// The attribute with the number of events of a submission.
pub const VERSION: &str = "version";
/// When an item may be removed, in seconds since 1970: the tables' TTL attribute.
pub const EXPIRES: &str = "expires_at";

/// A global secondary index: its name and key attributes. The template declares the same; a test compares.
#[derive(Debug, Clone, Copy)]
pub struct Index {
    /// The index's name.
    pub name: &'static str,
    /// Partition key attribute.
    pub pk: &'static str,
    /// Sort key attribute.
    pub sk: &'static str,
}

/// Open submissions of an organization by deadline.
pub const INBOX: Index = Index { name: "inbox", pk: "inbox_pk", sk: "inbox_sk" };
/// Submissions of an author, newest last.
pub const AUTHOR: Index = Index { name: "author", pk: "author_pk", sk: "author_sk" };
/// Submissions for which the clock must do something, by when.
pub const ALARM: Index = Index { name: "alarm", pk: "alarm_pk", sk: "alarm_sk" };

/// Open submissions of an organization that have the same status and caseworker, by deadline.
pub const CELL: Index = Index { name: "cell", pk: "cell_pk", sk: "cell_sk" };

/// Every index of the platform table.
pub const INDEXES: [Index; 4] = [INBOX, AUTHOR, ALARM, CELL];

/// Deliveries and alarms are spread over so many partitions.
pub const SHARDS: u8 = 16;

/// A primary key.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Key {
    /// Partition.
    pub pk: String,
    /// Place in it.
    pub sk: String,
}

fn key(pk: impl Into<String>, sk: impl Into<String>) -> Key {
    Key { pk: pk.into(), sk: sk.into() }
}

/// The partition with everything about a submission.
pub fn submission(id: SubmissionId) -> String {
    format!("SUBMISSION#{id}")
}

/// A submission's state.
pub fn state(id: SubmissionId) -> Key {
    key(submission(id), STATE)
}

/// Sort key of a submission's state.
pub const STATE: &str = "STATE";
/// Beginning of the sort keys of events.
pub const EVENT_PREFIX: &str = "EVENT#";
/// Beginning of the sort keys of texts.
pub const TEXT_PREFIX: &str = "TEXT#";

/// The partition with everything about a subject.
pub fn subject(of: Subject) -> String {
    match of {
        Subject::Submission(id) => submission(id),
        Subject::Poll(id) => of_poll(id),
    }
}

/// An event, by its place in the history of its subject.
pub fn event(of: Subject, version: u64) -> Key {
    key(subject(of), format!("{EVENT_PREFIX}{version:010}"))
}

/// The text that came with an event.
pub fn text(of: Subject, event: EventId) -> Key {
    key(subject(of), format!("{TEXT_PREFIX}{event}"))
}

/// Which submission a tracking number is of, by the number's fingerprint.
pub fn tracking(fingerprint: &str) -> Key {
    key(format!("TRACKING#{fingerprint}"), "TRACKING")
}

/// Partition of an organization's inbox.
pub fn inbox(organization: &OrganizationId) -> String {
    format!("INBOX#{organization}")
}

/// Partition of a cell of an organization's inbox.
pub fn inbox_cell(organization: &OrganizationId, cell: &str) -> String {
    format!("CELL#{organization}#{cell}")
}

/// Beginning of the sort keys of the counters of an organization's inbox.
pub const INBOX_PREFIX: &str = "INBOX#";

/// One shard of what an organization has open.
pub fn inbox_counts(of: &OrganizationId, shard: u8) -> Key {
    key(organization(of), format!("{INBOX_PREFIX}{shard:02}"))
}

/// Says that every submission that is open stands in the counters of an inbox.
pub fn inboxes_counted() -> Key {
    key("INBOXES", "COUNTED")
}

/// Partition of an author's submissions.
pub fn author(person: &PersonId) -> String {
    format!("AUTHOR#{person}")
}

/// Partition of alarms.
pub fn alarm(shard: u8) -> String {
    format!("ALARM#{shard:02}")
}

/// Sort key of the indexes: an instant to the second, then the submission.
pub fn instant(at: Timestamp, id: SubmissionId) -> String {
    format!("{}#{id}", second(at))
}

/// In the index [`ALARM`]: when something is due, and for what. A submission stands there without its kind, as it did before
/// there were others.
pub fn due(at: Timestamp, subject: Subject) -> String {
    match subject {
        Subject::Submission(id) => instant(at, id),
        Subject::Poll(id) => format!("{}#{}#{id}", second(at), subject.kind()),
    }
}

/// The subject of a sort key that [`due`] made.
pub fn subject_due(sort: &str) -> Option<Subject> {
    let (_, subject) = sort.split_once('#')?;
    match subject.split_once('#') {
        None => subject.parse().ok().map(Subject::Submission),
        Some((kind, id)) => {
            let id = id.parse().ok().map(Subject::Poll)?;
            (kind == id.kind()).then_some(id)
        }
    }
}

/// An instant to the second, so that texts sort as instants do.
pub fn second(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// The shard of something with a UUID.
pub fn shard(uuid: uuid::Uuid) -> u8 {
    uuid.as_bytes()[15] % SHARDS
}

/// Partition of the deliveries of a consumer.
pub fn deliveries(consumer: Consumer, shard: u8) -> String {
    format!("DELIVERY#{consumer}#{shard:02}")
}

/// A delivery.
pub fn delivery(delivery: &Delivery) -> Key {
    key(deliveries(delivery.consumer, shard(delivery.event.uuid())), delivery.event.to_string())
}

/// The stored reply to a request with an idempotency key.
pub fn reply(caller: &str, idempotency_key: &str) -> Key {
    key(format!("REPLY#{caller}#{idempotency_key}"), "REPLY")
}

/// The partition of what is kept for an organization.
pub fn organization(organization: &OrganizationId) -> String {
    format!("ORGANIZATION#{organization}")
}

/// The counted ratings of an organization.
pub fn satisfaction(of: &OrganizationId) -> Key {
    key(organization(of), "SATISFACTION")
}

/// Beginning of the sort keys of answer templates.
pub const TEMPLATE_PREFIX: &str = "TEMPLATE#";

/// An answer template of an organization.
pub fn template(of: &OrganizationId, template: TemplateId) -> Key {
    key(organization(of), format!("{TEMPLATE_PREFIX}{template}"))
}

/// One shard of what the home page counts.
pub fn totals(shard: u8) -> Key {
    key(format!("TOTALS#{shard:02}"), "TOTALS")
}

/// The pointer to the directory's current version.
pub fn current_directory() -> Key {
    key("DIRECTORY", "CURRENT")
}

/// Beginning of the sort keys of manifests.
pub const VERSION_PREFIX: &str = "VERSION#";

/// The manifest of a version of the directory.
pub fn directory_version(version: u64) -> Key {
    key("DIRECTORY", format!("{VERSION_PREFIX}{version:010}"))
}

/// A piece of a section of the directory, by its content.
pub fn directory_chunk(section: Section, hash: &str) -> Key {
    key(format!("DIRECTORY#{section}#{hash}"), "CHUNK")
}

/// A piece of the list of who works where, by its content.
pub fn team_chunk(hash: &str) -> Key {
    key(format!("DIRECTORY#teams#{hash}"), "CHUNK")
}

/// The partition of what a person was told and wants to be told.
pub fn of_person(person: &PersonId) -> String {
    format!("PERSON#{person}")
}

/// Beginning of the sort keys of notices. The ids of events sort by time.
pub const NOTICE_PREFIX: &str = "NOTICE#";

/// What a person was told of an event.
pub fn notice(person: &PersonId, event: EventId) -> Key {
    key(of_person(person), format!("{NOTICE_PREFIX}{event}"))
}

/// Until when a person has read their notices.
pub fn notices_read(person: &PersonId) -> Key {
    key(of_person(person), "READ")
}

/// What a person wants to be told by mail.
pub fn settings(person: &PersonId) -> Key {
    key(of_person(person), "SETTINGS")
}

/// Beginning of the sort keys of those who follow the polls of the territory itself.
pub const HERE_PREFIX: &str = "HERE#";
/// Beginning of the sort keys of those who follow the polls of a territory below.
pub const BELOW_PREFIX: &str = "BELOW#";

/// One shard of those who follow the polls of a territory, or of one below it.
pub fn poll_followers(territory: &TerritoryId, shard: u8) -> String {
    format!("FOLLOWERS#POLLS#{territory}#{shard:02}")
}

/// A follower of the polls of a territory, or of one below it.
pub fn poll_follower(territory: &TerritoryId, prefix: &str, person: &PersonId) -> Key {
    let shard =
        person.as_str().bytes().fold(0_u8, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte)) % SHARDS;
    key(poll_followers(territory, shard), format!("{prefix}{person}"))
}

/// How far the followers of a subject have been told of an event.
pub fn told(event: EventId) -> Key {
    key(format!("TOLD#{event}"), "TOLD")
}

/// The partition of the mails about an event that have gone out.
pub fn mails(event: EventId) -> String {
    format!("MAIL#{event}")
}

/// A mail that has gone out.
pub fn mail(event: EventId, to: &str) -> Key {
    key(mails(event), to)
}

/// Where to write about a submission whose author did not sign in; table `people`.
pub fn correspondent(id: SubmissionId) -> Key {
    key(submission(id), "CONTACT")
}

/// What we know of a person; table `people`.
pub fn person(person: &PersonId) -> Key {
    key(format!("PERSON#{person}"), "CONTACT")
}

/// The partition of a poll, its log and its result.
pub fn of_poll(id: PollId) -> String {
    format!("POLL#{id}")
}

/// A poll.
pub fn poll(id: PollId) -> Key {
    key(of_poll(id), "POLL")
}

/// Beginning of the sort keys of tree heads.
pub const HEAD_PREFIX: &str = "HEAD#";

/// The number that no log comes to.
pub const LAST_HEAD: u64 = 9_999_999_999;

/// A tree head with the leaves that it adds.
pub fn head(id: PollId, number: u64) -> Key {
    key(of_poll(id), format!("{HEAD_PREFIX}{number:010}"))
}

/// The result of a poll.
pub fn poll_result(id: PollId) -> Key {
    key(of_poll(id), "RESULT")
}

/// One shard of the ballots of a poll.
pub fn ballots(id: PollId, shard: u8) -> String {
    format!("POLL#{id}#{shard:02}")
}

/// Beginning of the sort keys of ballots.
pub const BALLOT_PREFIX: &str = "BALLOT#";

/// The ballot of somebody who has this name in the poll.
pub fn ballot(id: PollId, voter: &Bytes32) -> Key {
    key(ballots(id, voter.0[31] % SHARDS), format!("{BALLOT_PREFIX}{voter}"))
}

/// In the index [`ALARM`]: ballots that the log does not have yet.
pub fn waiting_ballots(id: PollId, shard: u8) -> String {
    format!("BALLOTS#{id}#{shard:02}")
}

/// In the index [`AUTHOR`]: polls that everybody sees.
pub const POLLS: &str = "POLLS";

/// In the index [`AUTHOR`]: what an organization prepares.
pub fn poll_drafts(organization: &OrganizationId) -> String {
    format!("POLLS#{organization}")
}

/// In the index [`INBOX`]: polls for which the clock has something to do.
pub const RUNNING_POLLS: &str = "POLLS";

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn an_alarm_leads_back_to_its_subject() {
        let at = Timestamp::from_second(1_800_000_000).unwrap();
        let uuid = Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0001);
        for subject in [Subject::Submission(SubmissionId::new(uuid)), Subject::Poll(PollId::new(uuid))] {
            assert_eq!(subject_due(&due(at, subject)), Some(subject));
        }
        // As it was written before there were polls in the index.
        let old = format!("2027-01-15T08:00:00Z#{uuid}");
        assert_eq!(due(at, Subject::Submission(SubmissionId::new(uuid))), old);
        assert_eq!(subject_due(&format!("2027-01-15T08:00:00Z#survey#{uuid}")), None, "of a later version");
    }
}
