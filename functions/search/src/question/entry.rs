//! Entries of the directory as people name them: by id, or by a name in any case.

/// A value that has an id and names.
pub(crate) struct NamedEntry<T> {
    pub(crate) id: String,
    pub(crate) names: Vec<String>,
    /// The names as they are compared.
    pub(crate) folded: Vec<String>,
    pub(crate) value: T,
}

impl<T> NamedEntry<T> {
    pub(crate) fn new(id: impl ToString, names: &[impl ToString], value: T) -> Self {
        let names: Vec<String> = names.iter().map(ToString::to_string).collect();
        Self { id: id.to_string(), folded: names.iter().map(|name| fold(name)).collect(), names, value }
    }
}

/// The form in which names are compared: lower case, е for ё, no quotation marks, single spaces.
pub(crate) fn fold(name: &str) -> String {
    let plain: String = name.to_lowercase().replace('ё', "е");
    let plain = plain.replace(['"', '«', '»', '“', '”', '„'], "");
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}
