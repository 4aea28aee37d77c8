//! Points for places.

use super::{Contest, Count, CountError, Ties, sums};

/// **Borda**: where a ballot may fill `n` places, the first gets `n` points, the second `n - 1`, the last 1; what is not ranked gets
/// none. The most points win.
///
/// Source: J.-C. de Borda, *Mémoire sur les élections au scrutin*, 1784, with his least mark `a` and his step `b` both 1; for
/// several seats B. Debord, *An Axiomatic Characterization of Borda's k-Choice Function*, Social Choice and Welfare 9, 1992.
///
/// Borda ranks all options. Where a ballot does not, what it leaves out has nothing, and what it names keeps the points of its place:
/// so cities count that let people name three projects (3, 2, 1).
pub(super) fn count(contest: &Contest, ties: &Ties) -> Result<Count, CountError> {
    contest.rankings()?;
    Ok(sums::most(contest, contest.sums(), ties))
}
