//! Seats by quota, with transfers.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::amount::Amount;
use super::finding::Finding;
use super::runoff::{self, End};
use super::{Contest, Count, CountError, Ties, sums};

/// **Single Transferable Vote** as in Scottish local elections ("weighted inclusive Gregory").
///
/// Source: The Scottish Local Government Elections Order 2011 (SSI 2011/399), Schedule 1, rules 46 to 53: rules 45 to 52
/// of the Order of 2007 (SSI 2007/42).
///
/// * Rule 46: every ballot is a vote for its first preference. Ballots without one are not valid (rule 44) and count nowhere.
/// * Rule 47: the quota is the number of valid ballots, divided by one more than there are seats, without the decimals, plus one.
/// * Rule 48: a candidate who reaches the quota is elected at the end of that stage, and receives nothing from then on.
/// * Rule 49: a candidate with more than the quota passes all ballots on, each at the value
///   `surplus × value when received ÷ votes`. This quotient is the one place where anything is cut off: after the fifth decimal
///   place, for each ballot, not for the parcel. Ballots that name nobody else keep their part of the surplus. That part is lost,
///   like what is cut off. The elected candidate keeps exactly the quota.
/// * Rule 50: one surplus is one stage, the largest first. Among equal surpluses, the candidate with the most votes at the end of
///   the most recent stage at which they differed comes first. If they never differed, the lot decides: here the order of the
///   [`Ties`].
/// * Rule 51: if there is no surplus, the candidate with the fewest votes is excluded, and the ballots pass on at the value which
///   they have. This is one stage, though the protocol shows the ballots of each value by themselves.
/// * Rule 52: among equally weak candidates, the one with the fewest votes at the most recent stage at which they differed is
///   excluded. If they never differed, the lot decides.
/// * Rule 53: as soon as no more candidates are left than seats, they are elected, also without a single vote. Nothing is passed
///   on any more, not even the ballots of the candidate who was excluded last.
///
/// Choices where the Order leaves room: equals that an earlier stage tells apart only in part are compared at the stages before it,
/// and only those who were equal at all of them go to the lot; those elected at the same stage stand in the order of their votes,
/// equals as for surpluses; if there are no more candidates than seats, rule 53 applies after the first stage; without a single
/// valid ballot nobody is elected.
pub(super) fn count(contest: &Contest, ties: &Ties) -> Result<Count, CountError> {
    let rankings = contest.rankings()?;
    let totals = runoff::standing(&rankings, &vec![true; contest.options]);
    let valid = runoff::sum(&totals);
    let mut stages = Stages::first(&rankings, &totals, contest.seats, ties);
    if valid > 0 {
        let parts = u64::try_from(contest.seats).unwrap_or(u64::MAX).saturating_add(1);
        let quota = (valid / parts).saturating_add(1);
        stages.quota = WHOLE * u128::from(quota);
        stages.protocol.push(Finding::Quota { quota, ballots: valid, seats: contest.seats });
    }
    stages.show();
    if valid > 0 {
        stages.run();
        for option in stages.sorted(stages.in_the_running()) {
            stages.protocol.push(Finding::NotElected { option, has: amount(stages.has(option)) });
        }
    }
    Ok(Count { totals, winners: stages.winners, protocol: stages.protocol })
}

/// One vote. All values are whole numbers of hundred-thousandths: five decimal places.
const WHOLE: u128 = 100_000;

fn amount(value: u128) -> Amount {
    Amount::ratio(value, WHOLE)
}

/// Ballots that say the same and are in the same hands.
struct Papers<'a> {
    ranking: &'a [usize],
    count: u128,
    /// What each of them is worth.
    value: u128,
    /// Who has them.
    with: Option<usize>,
}

struct Stages<'a> {
    ties: &'a Ties,
    papers: Vec<Papers<'a>>,
    quota: u128,
    vacancies: usize,
    /// Who is neither elected nor excluded.
    continuing: Vec<bool>,
    /// What each has at the end of each stage; the last is the present one.
    votes: Vec<Vec<u128>>,
    /// What counts for nobody any more.
    lost: u128,
    winners: Vec<usize>,
    protocol: Vec<Finding>,
}

impl<'a> Stages<'a> {
    /// Rule 46.
    fn first(rankings: &[(&'a [usize], u64)], totals: &[u64], seats: usize, ties: &'a Ties) -> Self {
        let papers = |(ranking, count): &(&'a [usize], u64)| Papers {
            ranking,
            count: u128::from(*count),
            value: WHOLE,
            with: ranking.first().copied(),
        };
        Self {
            ties,
            papers: rankings.iter().filter(|(_, count)| *count > 0).map(papers).collect(),
            quota: 0,
            vacancies: seats,
            continuing: vec![true; totals.len()],
            votes: vec![totals.iter().map(|votes| WHOLE * u128::from(*votes)).collect()],
            lost: 0,
            winners: Vec::new(),
            protocol: Vec::new(),
        }
    }

    fn run(&mut self) {
        loop {
            self.elect_by_quota();
            if self.fill_last() {
                return;
            }
            if let Some((from, tie)) = self.largest_surplus() {
                self.protocol.extend(tie);
                self.pass_surplus(from);
            } else if let Some((from, tie)) = self.find(&self.in_the_running(), End::Fewest) {
                self.protocol.extend(tie);
                self.protocol.push(Finding::Excluded { option: from, has: amount(self.has(from)) });
                self.continuing[from] = false;
                if self.fill_last() {
                    return;
                }
                self.pass(from, self.has(from), |value| value);
            } else {
                return;
            }
            self.show();
        }
    }

    /// Rule 48.
    fn elect_by_quota(&mut self) {
        let reached = self.in_the_running().into_iter().filter(|option| self.has(*option) >= self.quota);
        for option in self.sorted(reached.collect()) {
            self.elect(option);
            self.protocol.push(Finding::Elected { option, has: amount(self.has(option)) });
        }
    }

    /// Whether the count is over (rule 53).
    fn fill_last(&mut self) -> bool {
        let left = self.in_the_running();
        if left.len() <= self.vacancies {
            for option in self.sorted(left) {
                self.elect(option);
                self.protocol.push(Finding::ElectedLast { option, has: amount(self.has(option)) });
            }
            return true;
        }
        self.vacancies == 0
    }

    fn elect(&mut self, option: usize) {
        self.winners.push(option);
        self.continuing[option] = false;
        // More cannot reach the quota than there are seats: together they would have more votes than there are.
        self.vacancies = self.vacancies.saturating_sub(1);
    }

    /// Rule 50.
    fn largest_surplus(&self) -> Option<(usize, Option<Finding>)> {
        let over = self.winners.iter().copied().filter(|option| self.has(*option) > self.quota);
        let mut over: Vec<usize> = over.collect();
        over.sort_unstable();
        self.find(&over, End::Most)
    }

    /// Rule 49.
    fn pass_surplus(&mut self, from: usize) {
        let votes = self.has(from);
        let surplus = votes - self.quota;
        self.pass(from, surplus, |value| surplus * value / votes);
    }

    /// Passes all ballots of one on: so much in all, each at the value that follows from its present one.
    fn pass(&mut self, from: usize, given: u128, new_value: impl Fn(u128) -> u128) {
        let mut parcels: BTreeMap<Reverse<u128>, BTreeMap<Option<usize>, u128>> = BTreeMap::new();
        for papers in self.papers.iter_mut().filter(|papers| papers.with == Some(from)) {
            papers.value = new_value(papers.value);
            papers.with = papers.ranking.iter().copied().find(|option| self.continuing[*option]);
            let parcel = parcels.entry(Reverse(papers.value)).or_default();
            *parcel.entry(papers.with).or_default() += papers.count * papers.value;
        }
        let mut votes = self.votes.last().cloned().unwrap_or_default();
        votes[from] -= given;
        // What is cut off belongs to no parcel: it is shown with the last one.
        let mut cut_off = given - parcels.values().flat_map(BTreeMap::values).sum::<u128>();
        while let Some((Reverse(value), mut parcel)) = parcels.pop_first() {
            let mut lost = parcel.remove(&None).unwrap_or_default();
            if parcels.is_empty() {
                lost += std::mem::take(&mut cut_off);
            }
            self.lost += lost;
            let to: Vec<(usize, u128)> =
                parcel.into_iter().filter_map(|(option, credit)| Some((option?, credit))).collect();
            for (option, credit) in &to {
                votes[*option] += credit;
            }
            let to = to.into_iter().map(|(option, credit)| (option, amount(credit)));
            let to = sums::most_first(to, self.ties);
            self.protocol.push(Finding::Transferred { from, value: amount(value), to, lost: amount(lost) });
        }
        self.votes.push(votes);
    }

    /// The present stage: the candidates who are elected or still in the running.
    fn show(&mut self) {
        let places = (0..self.continuing.len())
            .filter(|option| self.continuing[*option] || self.winners.contains(option))
            .map(|option| (option, amount(self.has(option))));
        self.protocol.push(Finding::Standing {
            round: u32::try_from(self.votes.len()).unwrap_or(u32::MAX),
            places: sums::most_first(places, self.ties),
            exhausted: amount(self.lost),
        });
    }

    fn in_the_running(&self) -> Vec<usize> {
        (0..self.continuing.len()).filter(|option| self.continuing[*option]).collect()
    }

    /// What an option has at present.
    fn has(&self, option: usize) -> u128 {
        self.votes.last().map_or(0, |votes| votes[option])
    }

    fn find(&self, among: &[usize], end: End) -> Option<(usize, Option<Finding>)> {
        runoff::falls_on(among, &self.votes, end, self.ties)
    }

    /// The most first. All of them are elected, or none is, so no tie matters here.
    fn sorted(&self, mut options: Vec<usize>) -> Vec<usize> {
        let mut sorted = Vec::with_capacity(options.len());
        while let Some((option, _)) = self.find(&options, End::Most) {
            options.retain(|other| *other != option);
            sorted.push(option);
        }
        sorted
    }
}
