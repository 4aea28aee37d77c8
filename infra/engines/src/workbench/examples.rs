//! What a function under test finds on the tables.

use domain::submission::{NewSubmission, Step, Submission};
use domain::{PollId, SubmissionId, SubmissionKind};
use entrypoint::{Change, TransactionParts};
use events::{Actor, Event};
use jiff::SignedDuration;
use poll::{Poll, Question};
use serde_json::json;
use uuid::Uuid;

use super::{Failed, Workbench};

impl Workbench {
    /// A report from the town that has just come in.
    ///
    /// # Errors
    /// If the database fails, or the category is no id.
    pub async fn report(&self, category: Option<&str>) -> Result<Submission, Failed> {
        self.receive(SubmissionKind::Report, category).await
    }

    /// A submission of the citizen `author` that has just come in.
    ///
    /// # Errors
    /// If the database fails, or the category is no id.
    pub async fn receive(&self, kind: SubmissionKind, category: Option<&str>) -> Result<Submission, Failed> {
        let new = NewSubmission {
            kind,
            author: Some("author".parse()?),
            category: category.map(str::parse).transpose()?,
            territory: "town".parse()?,
            place: None,
            external_id: None,
            requested_organization: None,
        };
        let id = SubmissionId::new(Uuid::now_v7());
        let change = Change::receive(new, "Здесь яма".to_owned(), id, self.clock.now())?;
        self.app("Intake")?.save(&change, TransactionParts::default()).await?;
        Ok(change.state)
    }

    /// A report about a pothole that the road service has on its desk.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn routed(&self) -> Result<Submission, Failed> {
        let report = self.report(Some("pothole")).await?;
        let decision = self.store().rulebook().await?.route(report.facts())?;
        self.step(report.id, &[Step::Register, Step::Route(decision)], None).await
    }

    /// A pothole that a caseworker has answered, and an approver signed.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn answered(&self) -> Result<Submission, Failed> {
        let routed = self.routed().await?;
        let by: domain::PersonId = "caseworker".parse()?;
        let outcome = domain::submission::Outcome::Solved;
        let draft = Step::Draft { by: by.clone(), outcome };
        self.step(routed.id, &[Step::Assign(by)], None).await?;
        self.step(routed.id, &[draft], Some("Яму заделали.")).await?;
        self.step(routed.id, &[Step::Approve], None).await
    }

    /// Takes steps with a submission, the last of them with these words.
    ///
    /// # Errors
    /// If there is no such submission, a step is not allowed, or the database fails.
    pub async fn step(
        &self,
        id: SubmissionId,
        steps: &[Step],
        words: Option<&str>,
    ) -> Result<Submission, Failed> {
        let store = self.store();
        let submission = store.submission(id).await?.ok_or("there is no such submission")?;
        let rulebook = store.rulebook().await?;
        let mut change = Change::of(submission, Actor::System, self.clock.now());
        for (place, step) in (1..).zip(steps) {
            let text = words.filter(|_| place == steps.len()).map(str::to_owned);
            change.apply(step, text, &rulebook)?;
        }
        self.app("Casework")?.save(&change, TransactionParts::default()).await?;
        Ok(change.state)
    }

    /// A published poll of the town hall: a park or a bridge. It opens in an hour and closes in four days.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn poll(&self) -> Result<Poll, Failed> {
        let now = self.clock.now();
        let question: Question = serde_json::from_value(json!({
            "title": "Что построить",
            "text": "Решаем вместе",
            "territory": "town",
            "eligibility": { "identified": false },
            "opens": now + SignedDuration::from_hours(1),
            "closes": now + SignedDuration::from_hours(96),
            "format": { "kind": "choose_one", "version": 1 },
            "rule": "plurality/1",
            "ties": "lot",
            "seats": 1,
            "revotes": true,
            "options": [{ "id": "park", "name": "Парк" }, { "id": "bridge", "name": "Мост" }],
        }))?;
        let organizer =
            self.store().person(&"organizer".parse()?).await?.ok_or("the town has no organizer")?;
        let draft = Poll::draft(PollId::new(Uuid::now_v7()), &organizer, question);
        let by = Actor::Staff(organizer.id);
        let change = Change::new(draft.clone(), Event::PollDrafted, None, by, now);
        let change = change.with(Event::PollPublished, draft.published(now)?);
        self.app("Polls")?.save(&change, TransactionParts::default()).await?;
        Ok(change.state)
    }
}
