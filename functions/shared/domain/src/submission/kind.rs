//! What a citizen sent.

use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantArray};

use crate::variants::named_variants;

/// The kind decides the terms, and whether the author must be identified.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, VariantArray, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum SubmissionKind {
    /// Сообщение: handled outside the law on appeals, with shorter terms.
    Report,
    /// Обращение (59-ФЗ): registered in 3 days, redirected in 7, answered in 30.
    Appeal,
}

named_variants!(SubmissionKind);
