//! What the messages hold: totals, spikes and clusters. What looks for them is measured against this.

use std::collections::{BTreeMap, HashMap};

use domain::{CategoryId, SubmissionId, TerritoryId};
use jiff::Timestamp;
use serde::Serialize;

use super::calendar::timestamp;
use super::generator::Generator;
use super::message::{Message, Planted};

/// What the messages hold, as far as they have been counted.
#[derive(Debug, Serialize)]
pub struct Truth {
    seed: u64,
    /// Messages counted.
    messages: u64,
    spikes: Vec<Spike>,
    clusters: Vec<Cluster>,
    totals: Totals,
    /// The spikes of a category in a territory.
    #[serde(skip)]
    cells: HashMap<(usize, usize), Vec<usize>>,
    /// Where a cluster stands, by its number.
    #[serde(skip)]
    places: HashMap<u64, usize>,
}

/// A topic in a place, for some days much oftener than usual.
#[derive(Debug, Serialize)]
struct Spike {
    category: CategoryId,
    territory: TerritoryId,
    /// Its first moment.
    from: Timestamp,
    /// The first moment after it.
    before: Timestamp,
    /// How much oftener than usual.
    factor: f64,
    /// The share of all messages that would fall here without the spike.
    usual_share: f64,
    /// Messages here, planted or not.
    count: u64,
    /// The planted ones.
    planted: Vec<SubmissionId>,
    #[serde(skip)]
    days: std::ops::Range<usize>,
}

/// Messages that speak of one problem in nearly the same words.
#[derive(Debug, Serialize)]
struct Cluster {
    number: u64,
    category: Option<CategoryId>,
    territory: TerritoryId,
    count: usize,
    ids: Vec<SubmissionId>,
}

#[derive(Debug, Default, Serialize)]
struct Totals {
    category: BTreeMap<String, u64>,
    uncategorized: u64,
    region: BTreeMap<String, u64>,
    status: BTreeMap<&'static str, u64>,
    kind: BTreeMap<&'static str, u64>,
}

impl Truth {
    /// Nothing counted yet.
    pub fn new(generator: &Generator) -> Self {
        let mut cells: HashMap<(usize, usize), Vec<usize>> = HashMap::new();
        let spikes = generator.plan.spikes.iter().enumerate().map(|(at, spike)| {
            cells.entry((spike.category, spike.territory)).or_default().push(at);
            Spike {
                category: generator.world.categories[spike.category].id.clone(),
                territory: generator.world.territories[spike.territory].id.clone(),
                from: timestamp(generator.calendar.at(spike.days.start)),
                before: timestamp(generator.calendar.at(spike.days.end)),
                factor: spike.factor,
                usual_share: spike.usual,
                count: 0,
                planted: Vec::new(),
                days: spike.days.clone(),
            }
        });
        let spikes = spikes.collect();
        Self {
            seed: generator.seed,
            messages: 0,
            spikes,
            clusters: Vec::new(),
            totals: Totals::default(),
            cells,
            places: HashMap::new(),
        }
    }

    /// Counts a message of the same generator.
    pub fn add(&mut self, generator: &Generator, message: &Message) {
        self.messages += 1;
        let document = &message.document;
        let region = generator.world.territories[message.territory].region;
        count(&mut self.totals.region, &generator.world.regions[region]);
        if let Some(category) = &document.category {
            count(&mut self.totals.category, category.as_str());
        } else {
            self.totals.uncategorized += 1;
        }
        *self.totals.status.entry(document.status.as_str()).or_default() += 1;
        *self.totals.kind.entry(document.kind.as_str()).or_default() += 1;
        let cell = message.category.and_then(|category| self.cells.get(&(category, message.territory)));
        for &at in cell.into_iter().flatten() {
            if self.spikes[at].days.contains(&message.day) {
                self.spikes[at].count += 1;
            }
        }
        match message.planted {
            Planted::No => {}
            Planted::Spike(at) => self.spikes[at].planted.push(document.id),
            Planted::Cluster(number) => self.add_to_cluster(number, message),
        }
    }

    fn add_to_cluster(&mut self, number: u64, message: &Message) {
        let clusters = &mut self.clusters;
        let place = *self.places.entry(number).or_insert_with(|| {
            clusters.push(Cluster {
                number,
                category: message.document.category.clone(),
                territory: message.document.territory.clone(),
                count: 0,
                ids: Vec::new(),
            });
            clusters.len() - 1
        });
        clusters[place].count += 1;
        clusters[place].ids.push(message.document.id);
    }
}

/// Without a new key each time: there are millions of messages.
fn count(counts: &mut BTreeMap<String, u64>, key: &str) {
    match counts.get_mut(key) {
        Some(count) => *count += 1,
        None => {
            counts.insert(key.to_owned(), 1);
        }
    }
}
