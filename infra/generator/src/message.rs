//! One message, by its number.

use std::ops::Range;

use domain::{CategoryId, OrganizationId, PersonId, SubmissionId, SubmissionKind};
use fastrand::Rng;
use jiff::Timestamp;
use search_index::Document;

use super::calendar::timestamp;
use super::generator::Generator;
use super::life::{Course, Life};
use super::planted::Cluster;
use super::random::{chance, generator};
use super::scene::Scene;
use super::text::Author;
use super::world::World;

/// What generators are for.
const MESSAGE: u64 = 3;
const SCENE: u64 = 4;
/// Caseworkers of an organization.
const CASEWORKERS: u32 = 5;

/// A made-up message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Its number: with the seed, all that it depends on.
    pub number: u64,
    /// All that is known of it.
    pub document: Document,
    /// What it was planted for.
    pub planted: Planted,
    /// Its category among those of the world.
    pub(super) category: Option<usize>,
    /// Its territory among those of the world.
    pub(super) territory: usize,
    /// Its day of the history.
    pub(super) day: usize,
}

/// What a message was planted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Planted {
    /// For nothing.
    No,
    /// For the spike with this number.
    Spike(usize),
    /// For the cluster with this number.
    Cluster(u64),
}

/// What a message is about, where and when.
struct Subject {
    planted: Planted,
    category: usize,
    /// Neither the author nor anybody else has named the category.
    nameless: bool,
    territory: usize,
    day: usize,
}

impl Subject {
    /// The category, if somebody has named it.
    fn known(&self) -> Option<usize> {
        (!self.nameless).then_some(self.category)
    }
}

impl Generator {
    /// The messages with these numbers.
    pub fn messages(&self, numbers: Range<u64>) -> impl Iterator<Item = Message> {
        numbers.map(|number| self.message(number))
    }

    /// The message with this number.
    pub fn message(&self, number: u64) -> Message {
        let mut rng = generator(self.seed, MESSAGE, number);
        let cluster = self.plan.cluster(number, &self.world, &self.calendar);
        let subject = self.subject(cluster.as_ref(), &mut rng);
        let (text, place) = self.text(&subject, cluster.as_ref(), &mut rng);
        // Drawn in any case, so that what follows is the same.
        let text = self.sentences.as_ref().map_or(text, |sentences| sentences.text(self.seed, number));
        let micros = self.calendar.moment(subject.day, &mut rng);
        let received = Timestamp::from_microsecond(micros).unwrap_or(Timestamp::UNIX_EPOCH);
        let kind = if chance(&mut rng, 12.0) { SubmissionKind::Appeal } else { SubmissionKind::Report };
        let life = self.live(&subject, kind, micros / 1_000_000, &mut rng);
        let (organization, person) = self.responsible(&subject, life.routed, &mut rng);
        let category = subject.known();
        let Subject { planted, territory, day, .. } = subject;
        let document = Document {
            id: id(micros / 1_000, &mut rng),
            version: life.version,
            kind,
            status: life.status,
            text,
            place,
            category: category.map(|at| self.category_id(at)),
            territory: self.world.territories[territory].id.clone(),
            organization,
            received,
            due: life.due.map(timestamp),
            reopened: life.reopened,
            mark: life.mark,
            answered: life.answered.map(timestamp),
            answer_due: life.answer_due.map(timestamp),
            answered_by: person.clone().filter(|_| life.answered.is_some()),
            assignee: person.filter(|_| life.assigned),
        };
        Message { number, document, planted, category, territory, day }
    }

    fn category_id(&self, at: usize) -> CategoryId {
        self.world.categories[at].id.clone()
    }

    fn subject(&self, cluster: Option<&Cluster>, rng: &mut Rng) -> Subject {
        if let Some(cluster) = cluster {
            let (planted, day) = (Planted::Cluster(cluster.number), rng.usize(cluster.days.clone()));
            let (category, territory) = (cluster.category, cluster.territory);
            return Subject { planted, category, nameless: false, territory, day };
        }
        if let Some(number) = self.plan.spike(rng) {
            let spike = &self.plan.spikes[number];
            let (planted, day) = (Planted::Spike(number), rng.usize(spike.days.clone()));
            let (category, territory) = (spike.category, spike.territory);
            return Subject { planted, category, nameless: false, territory, day };
        }
        let category = self.world.category_weights.draw(rng);
        let day = self.calendar.day(self.world.categories[category].season, rng);
        let territory = self.world.territory_weights.draw(rng);
        Subject { planted: Planted::No, category, nameless: chance(rng, 1.5), territory, day }
    }

    fn text(&self, subject: &Subject, cluster: Option<&Cluster>, rng: &mut Rng) -> (String, Option<String>) {
        let category = &self.world.categories[subject.category];
        let author = Author::new(&self.vocabulary, category.topic);
        let territory = &self.world.territories[subject.territory];
        let scene = |day: usize, rng: &mut Rng| {
            Scene::draw(&self.vocabulary.names, &self.calendar, territory, &category.name, day, rng)
        };
        if let Some(cluster) = cluster {
            let mut core = generator(self.seed, SCENE, cluster.core);
            let scene = scene(cluster.days.start, &mut core);
            let place = chance(rng, 80.0).then(|| scene.place());
            return (author.retell(&scene, &mut core, rng), place);
        }
        let scene = scene(subject.day, rng);
        let place = chance(rng, 55.0).then(|| scene.place());
        (author.write(&scene, rng), place)
    }

    fn live(&self, subject: &Subject, kind: SubmissionKind, received: i64, rng: &mut Rng) -> Life {
        let organization = self.world.organization(subject.known(), subject.territory);
        let slowness = World::slowness(organization);
        let term = match kind {
            SubmissionKind::Appeal => 30,
            SubmissionKind::Report => self.world.categories[subject.category].term,
        };
        Course { calendar: &self.calendar, kind, received, term, slowness }.live(rng)
    }

    /// The organization, and one of its caseworkers.
    fn responsible(
        &self,
        subject: &Subject,
        routed: bool,
        rng: &mut Rng,
    ) -> (Option<OrganizationId>, Option<PersonId>) {
        if !routed {
            return (None, None);
        }
        let organization = self.world.organization(subject.known(), subject.territory);
        let mut person = String::with_capacity(organization.as_str().len() + 2);
        person.push_str(organization.as_str());
        person.push('-');
        super::number::push_number(rng.u32(1..=CASEWORKERS), &mut person);
        (Some(organization.clone()), PersonId::try_from(person).ok())
    }
}

/// An id as the platform gives them: version 7, so that ids follow time.
fn id(millis: i64, rng: &mut Rng) -> SubmissionId {
    let mut random = [0; 10];
    rng.fill(&mut random);
    let millis = u64::try_from(millis).unwrap_or_default();
    SubmissionId::new(uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
}
