//! Form fields: label, hint, error and control as one part of a page, in the manner of the GOV.UK design system.

use std::fmt;

use askama::Template;
use askama::filters::HtmlSafe;
use entrypoint::http::{Failure, FieldError, FormValues};

use crate::layout::Layout;
use crate::problem::explain;

/// Finished HTML.
#[derive(Debug, Clone)]
pub struct Markup(String);

impl Markup {
    /// A finished part of a page.
    pub fn of(part: &impl Template) -> Self {
        Self(part.render().unwrap_or_else(|error| {
            tracing::error!(%error, "a part of a page cannot be made");
            String::new()
        }))
    }

    /// A short text in a tag.
    pub fn tag(class: &'static str, text: &str) -> Self {
        Self::of(&Tag { class, text })
    }
}

#[derive(Template)]
#[template(source = "<span class=\"{{ class }}\">{{ text }}</span>", ext = "html")]
struct Tag<'t> {
    class: &'static str,
    text: &'t str,
}

impl fmt::Display for Markup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl HtmlSafe for Markup {}

/// A form as it was filled in, with what is wrong with it.
#[derive(Debug, Clone, Default)]
pub struct Form {
    /// What was filled in.
    pub values: FormValues,
    /// What is wrong, in the page's language: field and reason. A reason without field is about the whole.
    pub errors: Vec<(String, String)>,
    /// Where several forms of a page have fields of the same name: what the ids of this one's fields begin with.
    pub scope: &'static str,
}

impl Form {
    /// A form with these values.
    pub fn filled(values: FormValues) -> Self {
        Self { values, ..Self::default() }
    }

    /// The form as it was filled in, with what is wrong.
    ///
    /// # Errors
    /// The failure, if a form cannot mend it.
    pub fn refused(l: &Layout, values: Option<FormValues>, failure: Failure) -> Result<Self, Failure> {
        let Some(values) = values else { return Err(failure) };
        let reasons: Vec<FieldError> = match &failure {
            Failure::Malformed(_)
            | Failure::Invalid(_)
            | Failure::Conflict(_)
            | Failure::SignInFor(_)
            | Failure::NotEligible(_) => failure.refusal().reasons,
            Failure::Stale => vec![FieldError::coded("", "stale", "")],
            // Somebody went back and changed what they had sent: the form gets a new key.
            Failure::KeyReused => vec![FieldError::coded("", "sent-before", "")],
            _ => return Err(failure),
        };
        let errors = reasons.iter().map(|reason| (reason.field.clone(), explain(l, reason))).collect();
        Ok(Self { values, errors, scope: "" })
    }

    /// The same form on a page where other forms have fields of the same name.
    #[must_use]
    pub const fn scoped(mut self, scope: &'static str) -> Self {
        self.scope = scope;
        self
    }

    /// The id of a field on the page.
    pub fn id(&self, name: &str) -> String {
        if self.scope.is_empty() { name.to_owned() } else { format!("{}-{name}", self.scope) }
    }

    /// What was filled in.
    pub fn value(&self, name: &str) -> &str {
        self.values.get(name)
    }

    /// Whether this value was chosen.
    pub fn chosen(&self, name: &str, value: &str) -> bool {
        self.values.all(name).any(|chosen| chosen == value)
    }

    /// Ids of what describes a field: its hint and its error.
    pub fn described(&self, name: &str, hint: &str) -> String {
        let hint = (!hint.is_empty()).then(|| format!("{}-hint", self.id(name)));
        let error = self.error(name).map(|_| format!("{}-error", self.id(name)));
        hint.into_iter().chain(error).collect::<Vec<_>>().join(" ")
    }

    /// What is wrong with a field.
    pub fn error(&self, name: &str) -> Option<&str> {
        self.errors.iter().find(|(field, _)| field == name).map(|(_, message)| message.as_str())
    }
}

macro_rules! builder {
    ($($(#[$doc:meta])* $name:ident: $type:ty),* $(,)?) => {
        $($(#[$doc])*
        #[must_use]
        pub fn $name(mut self, $name: $type) -> Self {
            self.$name = $name;
            self
        })*
    };
}

/// A line of text, a date, a number.
#[derive(Debug, Clone, Template)]
#[template(path = "fields/field.html")]
pub struct Field<'f> {
    l: &'f Layout,
    form: &'f Form,
    name: &'f str,
    label: String,
    hint: &'f str,
    kind: &'f str,
    required: bool,
    autocomplete: &'f str,
    list: &'f str,
    narrow: bool,
}

/// Several lines of text, with a count of the characters left.
#[derive(Debug, Clone, Template)]
#[template(path = "fields/area.html")]
pub struct Area<'f> {
    l: &'f Layout,
    form: &'f Form,
    name: &'f str,
    label: String,
    hint: &'f str,
    limit: usize,
    rows: usize,
    required: bool,
    draft: &'f str,
    key: &'f str,
}

/// A value that can be chosen.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What is shown.
    pub label: String,
    /// The group it stands in, if there are groups. Choices of a group stand together.
    pub group: Option<String>,
}

impl Choice {
    /// A choice without a group.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into(), group: None }
    }
}

/// One of several values: a list to open, or buttons to press.
#[derive(Debug, Clone)]
pub struct Choices<'f> {
    l: &'f Layout,
    form: &'f Form,
    name: &'f str,
    label: String,
    hint: &'f str,
    choices: &'f [Choice],
    empty: &'f str,
    required: bool,
    radio: bool,
    key: &'f str,
}

#[derive(Template)]
#[template(path = "fields/select.html")]
struct Select<'f> {
    c: &'f Choices<'f>,
}

#[derive(Template)]
#[template(path = "fields/radio.html")]
struct Radio<'f> {
    c: &'f Choices<'f>,
}

impl<'f> Field<'f> {
    builder! {
        /// Id of the text that says what to write.
        hint: &'f str,
        /// `text`, `email`, `date`, `number`, `search`.
        kind: &'f str,
        /// Whether it must be filled in.
        required: bool,
        /// What browsers may fill in by themselves.
        autocomplete: &'f str,
        /// Id of a `datalist`.
        list: &'f str,
        /// For a few characters.
        narrow: bool,
    }
}

impl<'f> Area<'f> {
    builder! {
        /// Id of the text that says what to write.
        hint: &'f str,
        /// Characters at most.
        limit: usize,
        /// Lines shown.
        rows: usize,
        /// Whether it must be filled in.
        required: bool,
        /// Name under which the browser keeps a draft.
        draft: &'f str,
        /// The key that leads here: `KeyR`.
        key: &'f str,
    }
}

impl<'f> Choices<'f> {
    builder! {
        /// Id of the text that helps to choose.
        hint: &'f str,
        /// Id of the text for no choice.
        empty: &'f str,
        /// Whether one must be chosen.
        required: bool,
        /// Buttons instead of a list.
        radio: bool,
        /// The key that leads to the list: `KeyA`.
        key: &'f str,
    }

    /// The choices with their groups: (group, choices in it).
    fn groups(&self) -> Vec<(Option<&'f str>, Vec<&'f Choice>)> {
        let mut groups: Vec<(Option<&str>, Vec<&Choice>)> = Vec::new();
        for choice in self.choices {
            match groups.last_mut() {
                Some((group, members)) if *group == choice.group.as_deref() => members.push(choice),
                _ => groups.push((choice.group.as_deref(), vec![choice])),
            }
        }
        groups
    }
}

impl fmt::Display for Choices<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let html = if self.radio { Radio { c: self }.render() } else { Select { c: self }.render() };
        f.write_str(&html.map_err(|_| fmt::Error)?)
    }
}

impl HtmlSafe for Field<'_> {}
impl HtmlSafe for Area<'_> {}
impl HtmlSafe for Choices<'_> {}

#[derive(Template)]
#[template(path = "fields/errors.html")]
struct Errors<'f> {
    l: &'f Layout,
    form: &'f Form,
}

#[derive(Template)]
#[template(path = "fields/hidden.html")]
struct Hidden<'f> {
    key: &'f str,
    version: Option<u64>,
}

impl Layout {
    /// A field; `label` is the id of its text.
    pub fn field<'f>(&'f self, form: &'f Form, name: &'f str, label: &str) -> Field<'f> {
        Field {
            l: self,
            form,
            name,
            label: self.t(label),
            hint: "",
            kind: "text",
            required: false,
            autocomplete: "off",
            list: "",
            narrow: false,
        }
    }

    /// A field for several lines.
    pub fn area<'f>(&'f self, form: &'f Form, name: &'f str, label: &str) -> Area<'f> {
        let label = self.t(label);
        Area {
            l: self,
            form,
            name,
            label,
            hint: "",
            limit: 2_000,
            rows: 5,
            required: false,
            draft: "",
            key: "",
        }
    }

    /// One of several values.
    pub fn choices<'f>(
        &'f self,
        form: &'f Form,
        name: &'f str,
        label: &str,
        choices: &'f [Choice],
    ) -> Choices<'f> {
        let label = self.t(label);
        Choices {
            l: self,
            form,
            name,
            label,
            hint: "",
            choices,
            empty: "",
            required: false,
            radio: false,
            key: "",
        }
    }

    /// What is wrong with a form, at the top of the page, each with a link to its field.
    pub fn errors(&self, form: &Form) -> Markup {
        Markup::of(&Errors { l: self, form })
    }

    /// What a form says besides: an idempotency key, and the version it was made from.
    pub fn hidden(&self, version: impl Into<Option<u64>>) -> Markup {
        Markup::of(&Hidden { key: &self.key(), version: version.into() })
    }
}
