//! Ballots and the log. A ballot is one item, written on condition of the revision that was read.

use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use domain::PollId;
use futures::future::ready;
use futures::{Stream, StreamExt, TryStreamExt, stream};
use poll::ballot_box::Ballot;
use poll::proof::{Bytes32, Frontier, Leaf, TreeHead};
use serde::{Deserialize, Serialize};

use crate::Store;
use crate::error::StoreError;
use crate::item::{Item, body, item, number, string, text_of};
use crate::keys::{self, ALARM, BALLOT_PREFIX, HEAD_PREFIX, PK, SK, VERSION};

/// Shards of a poll that are read at the same time.
const SHARDS_AT_ONCE: usize = 4;

/// A tree head with what it adds to the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoggedBallots {
    /// The signed head.
    pub head: TreeHead,
    /// The leaves after those of the head before.
    pub leaves: Vec<Leaf>,
    /// Whose they are, by their names in the poll: their ballots wait for these leaves no longer.
    pub voters: Vec<Bytes32>,
    /// All that the next head needs of the log so far.
    pub frontier: Frontier,
}

impl Store {
    /// A voter's ballot, strongly consistent.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn ballot(&self, poll: PollId, voter: &Bytes32) -> Result<Option<Ballot>, StoreError> {
        self.get(&keys::ballot(poll, voter)).await
    }

    /// Writes a ballot over the revision before it; false if it has another one now. After false the caller reads again: the
    /// ballot may be its own, written by a try whose reply was lost.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails. It may have been written then.
    pub async fn put_ballot(
        &self,
        poll: PollId,
        voter: &Bytes32,
        ballot: &Ballot,
    ) -> Result<bool, StoreError> {
        let mut item = item(&keys::ballot(poll, voter), ballot)?;
        item.insert(VERSION.into(), number(ballot.revision));
        if !ballot.waiting.is_empty() {
            let shard = voter.0[31] % keys::SHARDS;
            item.insert(ALARM.pk.into(), string(keys::waiting_ballots(poll, shard)));
            item.insert(ALARM.sk.into(), string(voter.to_string()));
        }
        let call = self.client.put_item().table_name(&self.platform).set_item(Some(item));
        let call = match ballot.revision {
            1 => call.condition_expression("attribute_not_exists(#pk)").expression_attribute_names("#pk", PK),
            revision => call
                .condition_expression("#version = :expected")
                .expression_attribute_names("#version", VERSION)
                .expression_attribute_values(":expected", number(revision - 1)),
        };
        created(call.send().await)
    }

    /// Voters whose ballots wait to be logged, some of one shard. The index lags: their ballots are to be read again.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn waiting_voters(
        &self,
        poll: PollId,
        shard: u8,
        limit: i32,
    ) -> Result<Vec<Bytes32>, StoreError> {
        let call = self.client.query().table_name(&self.platform).index_name(ALARM.name).limit(limit);
        let call = call
            .key_condition_expression("#pk = :pk")
            .expression_attribute_names("#pk", ALARM.pk)
            .expression_attribute_values(":pk", string(keys::waiting_ballots(poll, shard)));
        let found = call.send().await.map_err(StoreError::call("Query"))?;
        Ok(found.items.unwrap_or_default().iter().filter_map(voter).collect())
    }

    /// All ballots of a poll with their voters' names, strongly consistent, in no order; read page by page.
    pub fn ballots(&self, poll: PollId) -> impl Stream<Item = Result<(Bytes32, Ballot), StoreError>> + '_ {
        let of_shard = move |shard| {
            let items = self.list(keys::ballots(poll, shard), BALLOT_PREFIX);
            let named = items.try_filter_map(|item| ready(Ok(voter(&item).map(|voter| (voter, item)))));
            named.and_then(|(voter, item)| ready(body(item).map(|ballot| (voter, ballot)))).boxed()
        };
        stream::iter(0..keys::SHARDS).map(of_shard).flatten_unordered(SHARDS_AT_ONCE)
    }

    /// Every head of a poll's log, the oldest first, strongly consistent.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn heads(&self, poll: PollId) -> Result<Vec<LoggedBallots>, StoreError> {
        let items = self.list(keys::of_poll(poll), HEAD_PREFIX);
        items.and_then(|item| ready(body(item))).try_collect().await
    }

    /// Heads after the one with this number, as many as fit into a megabyte, the oldest first; and whether there are more.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn heads_after(
        &self,
        poll: PollId,
        number: u64,
    ) -> Result<(Vec<LoggedBallots>, bool), StoreError> {
        let found = self.query_heads(poll, number.saturating_add(1)).send().await;
        let found = found.map_err(StoreError::call("Query"))?;
        let heads = found.items.unwrap_or_default().into_iter().map(body).collect::<Result<_, _>>()?;
        Ok((heads, found.last_evaluated_key.is_some()))
    }

    /// The newest head of a poll's log, strongly consistent.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn last_head(&self, poll: PollId) -> Result<Option<LoggedBallots>, StoreError> {
        let call = self.query_heads(poll, 0).scan_index_forward(false).limit(1);
        let found = call.send().await.map_err(StoreError::call("Query"))?;
        found.items.unwrap_or_default().into_iter().next().map(body).transpose()
    }

    fn query_heads(&self, poll: PollId, first: u64) -> QueryFluentBuilder {
        let last = keys::head(poll, keys::LAST_HEAD).sk;
        self.client
            .query()
            .table_name(&self.platform)
            .consistent_read(true)
            .key_condition_expression("#pk = :pk AND #sk BETWEEN :first AND :last")
            .expression_attribute_names("#pk", PK)
            .expression_attribute_names("#sk", SK)
            .expression_attribute_values(":pk", string(keys::of_poll(poll)))
            .expression_attribute_values(":first", string(keys::head(poll, first.min(keys::LAST_HEAD)).sk))
            .expression_attribute_values(":last", string(last))
    }

    /// One head of a poll's log, strongly consistent.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn head(&self, poll: PollId, number: u64) -> Result<Option<LoggedBallots>, StoreError> {
        self.get(&keys::head(poll, number)).await
    }

    /// Adds a head to a log; false if another sequencer has added one with this number.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails. It may have been added then.
    pub async fn put_head(&self, logged: &LoggedBallots) -> Result<bool, StoreError> {
        let item = item(&keys::head(logged.head.poll, logged.head.number), logged)?;
        let call = self.client.put_item().table_name(&self.platform).set_item(Some(item));
        let call =
            call.condition_expression("attribute_not_exists(#pk)").expression_attribute_names("#pk", PK);
        created(call.send().await)
    }
}

fn voter(item: &Item) -> Option<Bytes32> {
    text_of(item, SK).strip_prefix(BALLOT_PREFIX)?.parse().ok()
}

/// Whether a conditional put has written.
fn created<T, R>(
    put: Result<T, aws_sdk_dynamodb::error::SdkError<PutItemError, R>>,
) -> Result<bool, StoreError>
where
    R: std::fmt::Debug + Send + Sync + 'static,
{
    match put {
        Ok(_) => Ok(true),
        Err(error)
            if error.as_service_error().is_some_and(PutItemError::is_conditional_check_failed_exception) =>
        {
            Ok(false)
        }
        Err(error) => Err(StoreError::call("PutItem")(error)),
    }
}
