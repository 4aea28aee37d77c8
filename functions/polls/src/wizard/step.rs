//! The steps of the wizard, and which field belongs to which.

/// A step: a few questions that belong together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum WizardStep {
    /// What is asked.
    Question,
    /// What can be chosen.
    Options,
    /// Who may vote, and when.
    Voters,
    /// How people vote.
    Ballot,
    /// How votes are counted.
    Count,
    /// The whole, as voters will see it.
    Check,
}

impl WizardStep {
    pub(crate) const ALL: [Self; 6] =
        [Self::Question, Self::Options, Self::Voters, Self::Ballot, Self::Count, Self::Check];

    /// The name in addresses.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Question => "question",
            Self::Options => "options",
            Self::Voters => "voters",
            Self::Ballot => "ballot",
            Self::Count => "count",
            Self::Check => "check",
        }
    }

    /// The step of this name; the first one for any other name.
    pub(crate) fn named(name: Option<&str>) -> Self {
        Self::ALL.into_iter().find(|step| Some(step.as_str()) == name).unwrap_or(Self::Question)
    }

    /// The fields that are filled in here.
    pub(crate) const fn fields(self) -> &'static [&'static str] {
        match self {
            Self::Question => &["title", "text", "territory"],
            Self::Options => &["lines", "pb"],
            Self::Voters => &[
                "opens",
                "closes",
                "eligibility.territory",
                "eligibility.minimum_age",
                "eligibility.identified",
                "revotes",
            ],
            Self::Ballot => &["ballot.kind", "ballot.limit"],
            Self::Count => &["rule", "ties", "seats", "budget", "threshold"],
            Self::Check => &[],
        }
    }

    /// Where something that is wrong can be mended; none if no field is to blame for it.
    pub(crate) fn of_field(field: &str) -> Option<Self> {
        // Programs say `options[0].name` where forms have lines.
        let field = if field.starts_with("options") { "lines" } else { field };
        Self::ALL.into_iter().find(|step| step.fields().contains(&field))
    }

    pub(crate) fn next(self) -> Self {
        Self::ALL.into_iter().find(|step| *step > self).unwrap_or(Self::Check)
    }

    pub(crate) fn back(self) -> Self {
        Self::ALL.into_iter().rev().find(|step| *step < self).unwrap_or(Self::Question)
    }
}
