//! Polls and their results.

use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use domain::{OrganizationId, PollId, Subject};
use events::Envelope;
use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use jiff::Timestamp;
use poll::proof::{PollOutcome, Signature64};
use poll::{Poll, Stage};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::alarm::ring_at;
use crate::error::StoreError;
use crate::item::{Item, key_attributes, number, string, text_of};
use crate::keys::{self, AUTHOR, BODY, INBOX, Index, Key, PK, POLLS, RUNNING_POLLS, SK, VERSION};
use crate::page::{Page, cursor, start};
use crate::{Aggregate, Store};

/// Polls of a page.
const PAGE: i32 = 50;

/// Bytes of a compressed body: an item has 400 KB with its keys.
const ROOM: usize = 390_000;

/// Bytes of a draft: the rest is for what will be told of its projects.
const DRAFT_ROOM: usize = 200_000;

/// The signed result of a poll. With it and the ballots the archive is made once more when the poll is settled: byte for byte the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PollResult {
    /// What came out.
    pub outcome: PollOutcome,
    /// When it was counted.
    pub certified: Timestamp,
    /// The archive's signature.
    pub signature: Signature64,
}

impl PollResult {
    /// Under which name the archive is published. A part of its signature is in it: what another run of the same count has
    /// published lies beside it.
    pub fn archive_name(&self, poll: PollId) -> String {
        format!("{}.json", self.name(poll))
    }

    /// Under which name its ballots are published, as a Pabulib file.
    pub fn votes_name(&self, poll: PollId) -> String {
        format!("{}.pb", self.name(poll))
    }

    pub(crate) fn item(&self, poll: PollId) -> Result<Item, StoreError> {
        packed(&keys::poll_result(poll), self, ROOM)
    }

    fn name(&self, poll: PollId) -> String {
        format!("polls/{poll}/{}", hex::encode(&self.signature.0[..16]))
    }
}

impl Store {
    /// A poll, strongly consistent.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn poll(&self, id: PollId) -> Result<Option<Poll>, StoreError> {
        self.get_item(&keys::poll(id)).await?.map(unpacked).transpose()
    }

    /// The result of a poll, once it is certified.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn poll_result(&self, id: PollId) -> Result<Option<PollResult>, StoreError> {
        self.get_item(&keys::poll_result(id)).await?.map(unpacked).transpose()
    }

    /// A page of the polls that everybody sees, those that open last first.
    ///
    /// # Errors
    /// [`StoreError::Cursor`] for a cursor of another list; otherwise if the database fails.
    pub async fn polls(&self, after: Option<&str>) -> Result<Page<Poll>, StoreError> {
        self.listed(AUTHOR, POLLS, after).await
    }

    /// A page of what an organization prepares.
    ///
    /// # Errors
    /// As [`polls`](Self::polls).
    pub async fn poll_drafts(
        &self,
        organization: &OrganizationId,
        after: Option<&str>,
    ) -> Result<Page<Poll>, StoreError> {
        self.listed(AUTHOR, &keys::poll_drafts(organization), after).await
    }

    /// A page of the polls for which the clock has something to do.
    ///
    /// # Errors
    /// As [`polls`](Self::polls).
    pub async fn running_polls(&self, after: Option<&str>) -> Result<Page<Poll>, StoreError> {
        self.listed(INBOX, RUNNING_POLLS, after).await
    }

    async fn listed(&self, index: Index, pk: &str, after: Option<&str>) -> Result<Page<Poll>, StoreError> {
        let names = [index.pk, index.sk, PK, SK];
        let call = self.client.query().table_name(&self.platform).index_name(index.name).limit(PAGE);
        let call = call
            .scan_index_forward(false)
            .key_condition_expression("#pk = :pk")
            .expression_attribute_names("#pk", index.pk)
            .expression_attribute_values(":pk", string(pk))
            .set_exclusive_start_key(start(after, &names, Some((index.pk, pk)))?);
        let found = call.send().await.map_err(StoreError::call("Query"))?;
        let next = cursor(found.last_evaluated_key.as_ref());
        let items = found.items.unwrap_or_default().into_iter().map(unpacked).collect::<Result<_, _>>()?;
        Ok(Page { items, next })
    }
}

/// An item whose body is compressed: texts of many options and protocols of many rounds are long, and an item has at most 400 KB.
fn packed(key: &Key, body: &impl Serialize, room: usize) -> Result<Item, StoreError> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    serde_json::to_writer(&mut encoder, body).map_err(|e| StoreError::unreadable(&key.pk, e))?;
    let bytes = encoder.finish().map_err(|e| StoreError::unreadable(&key.pk, e))?;
    if bytes.len() > room {
        return Err(StoreError::TooLong { bytes: bytes.len(), room });
    }
    let mut item = key_attributes(key);
    item.insert(BODY.into(), AttributeValue::B(Blob::new(bytes)));
    Ok(item)
}

fn unpacked<T: DeserializeOwned>(mut item: Item) -> Result<T, StoreError> {
    let packed = item.remove(BODY).and_then(|body| body.as_b().ok().cloned()).unwrap_or(Blob::new([]));
    let name = || format!("{}/{}", text_of(&item, PK), text_of(&item, SK));
    serde_json::from_reader(DeflateDecoder::new(packed.as_ref()))
        .map_err(|e| StoreError::unreadable(name(), e))
}

/// The audience of a poll are people who follow it: nobody knows of them here, so notifications hears of every fact.
impl Aggregate for Poll {
    fn subject(&self) -> Subject {
        Subject::Poll(self.id)
    }

    fn version(&self) -> u64 {
        self.version
    }

    fn status(&self) -> &'static str {
        self.stage.as_str()
    }

    fn concerns_somebody(&self, event: &Envelope) -> bool {
        event.event.fact().is_some()
    }

    fn item(&self) -> Result<Item, StoreError> {
        let room = if self.stage == Stage::Draft { DRAFT_ROOM } else { ROOM };
        let mut item = packed(&keys::poll(self.id), self, room)?;
        item.insert(VERSION.into(), number(self.version));
        let list = match self.stage {
            Stage::Draft => keys::poll_drafts(&self.organization),
            Stage::Published | Stage::Certified => POLLS.to_owned(),
        };
        item.insert(AUTHOR.pk.into(), string(list));
        item.insert(AUTHOR.sk.into(), string(format!("{}#{}", keys::second(self.question.opens), self.id)));
        if self.is_running() {
            item.insert(INBOX.pk.into(), string(RUNNING_POLLS));
            item.insert(
                INBOX.sk.into(),
                string(format!("{}#{}", keys::second(self.question.closes), self.id)),
            );
        }
        if let Some(alarm) = self.alarm() {
            ring_at(&mut item, alarm.at, self.subject());
        }
        Ok(item)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use poll::count::{Ballots, Contest, CountingRule, Marks, Ties};

    /// The longest protocol that a poll can have fits into an item.
    #[test]
    fn results_of_many_options_fit() {
        let options = 200;
        let ballots = (0..options).map(|first| Ballots {
            marks: Marks::Ranking(
                (0..options).map(|place| (first * 7 + place * (first % 5 + 1)) % options).collect(),
            ),
            count: 1 + first as u64,
        });
        let distinct = |ballots: &Ballots| match &ballots.marks {
            Marks::Ranking(ranking) => {
                ranking.iter().collect::<std::collections::HashSet<_>>().len() == options
            }
            Marks::Points(_) => false,
        };
        let ballots: Vec<Ballots> = ballots.filter(distinct).collect();
        let contest = Contest { costs: vec![7; options], budget: 700, ..Contest::new(options, 100, ballots) };
        for rule in [
            CountingRule::InstantRunoff,
            CountingRule::SingleTransferable,
            CountingRule::Schulze,
            CountingRule::EqualShares,
        ] {
            let count = contest.count(rule, &Ties::listed(options)).unwrap();
            let outcome = PollOutcome {
                ballots: 1,
                totals: Vec::new(),
                winners: Vec::new(),
                lot: None,
                protocol: count.protocol,
            };
            let signature = Signature64([1; 64]);
            let result = PollResult { outcome, certified: Timestamp::UNIX_EPOCH, signature };
            let key = keys::poll_result(PollId::new(uuid::Uuid::nil()));
            let item = packed(&key, &result, 350_000).unwrap();
            assert_eq!(unpacked::<PollResult>(item).unwrap(), result, "{rule}");
        }
    }
}
