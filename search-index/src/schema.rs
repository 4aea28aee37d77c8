//! The fields of the index, and the way of a [`Document`] into it and back.
//!
//! Change a field or the analyzer and you must raise [`crate::manifest::FORMAT`].

use domain::{Status, SubmissionId, SubmissionKind};
use jiff::Timestamp;
use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde::de::value::{Error as ValueError, StrDeserializer};
use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions, Value,
};
use tantivy::{TantivyDocument, Term};

use crate::analyzer::RUSSIAN;
use crate::{Document, Error};

/// Names of the columns which collectors and sort orders ask for.
pub(crate) mod column {
    pub(crate) const ID_HIGH: &str = "id_high";
    pub(crate) const ID_LOW: &str = "id_low";
    pub(crate) const VERSION: &str = "version";
    pub(crate) const STATUS: &str = "status";
    pub(crate) const CATEGORY: &str = "category";
    pub(crate) const TERRITORY: &str = "territory";
    pub(crate) const ORGANIZATION: &str = "organization";
    pub(crate) const RECEIVED: &str = "received";
    pub(crate) const DUE: &str = "due";
    pub(crate) const MARK: &str = "mark";
    pub(crate) const ANSWERED: &str = "answered";
    pub(crate) const ANSWER_DUE: &str = "answer_due";
    pub(crate) const ANSWERED_BY: &str = "answered_by";
    pub(crate) const ASSIGNEE: &str = "assignee";
}

/// Handles of the fields.
#[derive(Debug, Clone)]
pub(crate) struct Fields {
    pub(crate) id: Field,
    id_high: Field,
    id_low: Field,
    version: Field,
    external_id: Field,
    pub(crate) kind: Field,
    pub(crate) status: Field,
    pub(crate) text: Field,
    pub(crate) place: Field,
    pub(crate) category: Field,
    pub(crate) territory: Field,
    pub(crate) organization: Field,
    pub(crate) received: Field,
    due: Field,
    mark: Field,
    pub(crate) answered: Field,
    answer_due: Field,
    answered_by: Field,
    assignee: Field,
}

/// The schema and the handles of its fields.
pub(crate) fn build() -> (Schema, Fields) {
    let mut schema = Schema::builder();
    let words = TextOptions::default()
        .set_indexing_options(
            TextFieldIndexing::default()
                .set_tokenizer(RUSSIAN)
                .set_index_option(IndexRecordOption::WithFreqsAndPositions),
        )
        .set_stored();
    let name = STRING | STORED | FAST;
    let fields = Fields {
        // Bytes, not text: of ten million random ids the dictionary is half as large.
        id: schema.add_bytes_field("id", INDEXED | STORED),
        // The same id once more as two numbers: the last sort key. A text column would need a second dictionary.
        id_high: schema.add_u64_field(column::ID_HIGH, FAST),
        id_low: schema.add_u64_field(column::ID_LOW, FAST),
        version: schema.add_u64_field(column::VERSION, STORED | FAST),
        external_id: schema.add_text_field("external_id", STORED),
        kind: schema.add_text_field("kind", STRING | STORED),
        status: schema.add_text_field(column::STATUS, name.clone()),
        text: schema.add_text_field("text", words.clone()),
        place: schema.add_text_field("place", words),
        category: schema.add_text_field(column::CATEGORY, name.clone()),
        territory: schema.add_text_field(column::TERRITORY, name.clone()),
        organization: schema.add_text_field(column::ORGANIZATION, name.clone()),
        received: schema.add_i64_field(column::RECEIVED, STORED | FAST),
        due: schema.add_i64_field(column::DUE, STORED | FAST),
        mark: schema.add_u64_field(column::MARK, STORED | FAST),
        answered: schema.add_i64_field(column::ANSWERED, STORED | FAST),
        answer_due: schema.add_i64_field(column::ANSWER_DUE, STORED | FAST),
        answered_by: schema.add_text_field(column::ANSWERED_BY, name.clone()),
        assignee: schema.add_text_field(column::ASSIGNEE, name),
    };
    (schema.build(), fields)
}

impl Fields {
    /// The term under which a submission's document is found.
    pub(crate) fn id_term(&self, id: SubmissionId) -> Term {
        Term::from_field_bytes(self.id, id.uuid().as_bytes())
    }

    pub(crate) fn encode(&self, document: &Document) -> TantivyDocument {
        let mut encoded = TantivyDocument::default();
        let (id_high, id_low) = document.id.uuid().as_u64_pair();
        encoded.add_bytes(self.id, document.id.uuid().as_bytes());
        encoded.add_u64(self.id_high, id_high);
        encoded.add_u64(self.id_low, id_low);
        encoded.add_u64(self.version, document.version);
        encoded.add_text(self.kind, document.kind.as_str());
        encoded.add_text(self.status, document.status.as_str());
        encoded.add_text(self.text, &document.text);
        encoded.add_text(self.territory, document.territory.as_str());
        encoded.add_i64(self.received, document.received.as_microsecond());
        if let Some(external_id) = &document.external_id {
            encoded.add_text(self.external_id, external_id);
        }
        if let Some(place) = &document.place {
            encoded.add_text(self.place, place);
        }
        if let Some(category) = &document.category {
            encoded.add_text(self.category, category.as_str());
        }
        if let Some(organization) = &document.organization {
            encoded.add_text(self.organization, organization.as_str());
        }
        let times = [
            (self.due, document.due),
            (self.answered, document.answered),
            (self.answer_due, document.answer_due),
        ];
        for (field, time) in times {
            if let Some(time) = time {
                encoded.add_i64(field, time.as_microsecond());
            }
        }
        for (field, person) in
            [(self.answered_by, &document.answered_by), (self.assignee, &document.assignee)]
        {
            if let Some(person) = person {
                encoded.add_text(field, person.as_str());
            }
        }
        if let Some(mark) = document.mark {
            encoded.add_u64(self.mark, u64::from(mark));
        }
        encoded
    }

    pub(crate) fn decode(&self, stored: &TantivyDocument) -> Result<Document, Error> {
        let text = |field: Field| stored.get_first(field).and_then(|value| value.as_str());
        let number = |field: Field| stored.get_first(field).and_then(|value| value.as_u64());
        let time = |field: Field| {
            let micros = stored.get_first(field).and_then(|value| value.as_i64());
            micros.and_then(|micros| Timestamp::from_microsecond(micros).ok())
        };
        let id = stored.get_first(self.id).and_then(|value| value.as_bytes()).and_then(id_from_bytes);
        Ok(Document {
            id: required("id", id)?,
            version: required(column::VERSION, number(self.version))?,
            external_id: text(self.external_id).map(str::to_owned),
            kind: required("kind", text(self.kind).and_then(kind_from_name))?,
            status: required(column::STATUS, text(self.status).and_then(status_from_name))?,
            text: required("text", text(self.text))?.to_owned(),
            place: text(self.place).map(str::to_owned),
            category: text(self.category).and_then(|name| name.parse().ok()),
            territory: required(column::TERRITORY, text(self.territory).and_then(|name| name.parse().ok()))?,
            organization: text(self.organization).and_then(|name| name.parse().ok()),
            received: required(column::RECEIVED, time(self.received))?,
            due: time(self.due),
            mark: number(self.mark).and_then(|mark| u8::try_from(mark).ok()),
            answered: time(self.answered),
            answer_due: time(self.answer_due),
            answered_by: text(self.answered_by).and_then(|name| name.parse().ok()),
            assignee: text(self.assignee).and_then(|name| name.parse().ok()),
        })
    }
}

fn required<T>(field: &'static str, value: Option<T>) -> Result<T, Error> {
    value.ok_or(Error::Stored { field })
}

fn id_from_bytes(bytes: &[u8]) -> Option<SubmissionId> {
    let number = u128::from_be_bytes(bytes.try_into().ok()?);
    format!("{number:032x}").parse().ok()
}

fn kind_from_name(name: &str) -> Option<SubmissionKind> {
    let name: StrDeserializer<'_, ValueError> = name.into_deserializer();
    SubmissionKind::deserialize(name).ok()
}

fn status_from_name(name: &str) -> Option<Status> {
    Status::ALL.into_iter().find(|status| status.as_str() == name)
}
