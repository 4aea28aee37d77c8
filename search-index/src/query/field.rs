//! The fields that a filter in the typed line can name.

/// What a filter may be about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SearchField {
    /// The category.
    Category,
    /// The territory.
    Territory,
    /// The organization that works on it.
    Organization,
    /// The status.
    Status,
    /// Report or appeal.
    Kind,
    /// The author's mark of the answer.
    Mark,
    /// The day of receipt.
    Received,
}

impl SearchField {
    /// Every field with its names: the English one first, then the Russian one, then what people call it as well.
    pub const NAMES: [(Self, &'static [&'static str]); 7] = [
        (Self::Category, &["category", "тема", "категория"]),
        (Self::Territory, &["territory", "место", "территория"]),
        (Self::Organization, &["org", "орган", "organization", "организация"]),
        (Self::Status, &["status", "статус"]),
        (Self::Kind, &["kind", "вид"]),
        (Self::Mark, &["mark", "оценка"]),
        (Self::Received, &["received", "дата"]),
    ];

    /// The field that is called so, in any case.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let name = name.to_lowercase();
        Self::NAMES.into_iter().find(|(_, names)| names.contains(&name.as_str())).map(|(field, _)| field)
    }

    /// Its English name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Category => "category",
            Self::Territory => "territory",
            Self::Organization => "org",
            Self::Status => "status",
            Self::Kind => "kind",
            Self::Mark => "mark",
            Self::Received => "received",
        }
    }
}
