//! `Ref`, `GetAtt` and `Sub`, with what they mean on this machine.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

/// A reference to something that is not there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is nothing that `{0}` refers to")]
pub struct UnknownReference(String);

impl UnknownReference {
    /// What is referred to.
    pub fn new(reference: impl Into<String>) -> Self {
        Self(reference.into())
    }
}

/// What references mean: `Name` for a `Ref`, `Name.Attribute` for a `GetAtt`.
#[derive(Debug, Clone, Default)]
pub struct Resolver {
    values: BTreeMap<String, String>,
}

impl Resolver {
    /// Every name means itself, and `Name.Arn` too: enough to read the shapes of a template.
    pub fn of_names<'a>(names: impl IntoIterator<Item = &'a String>) -> Self {
        let mut resolver = Self::default();
        for name in names {
            resolver.set(name, name);
            resolver.set(format!("{name}.Arn"), format!("{name}.Arn"));
        }
        resolver
    }

    /// Gives a reference its meaning.
    pub fn set(&mut self, reference: impl Into<String>, value: impl Into<String>) {
        self.values.insert(reference.into(), value.into());
    }

    /// What a reference means.
    pub fn get(&self, reference: &str) -> Option<&str> {
        self.values.get(reference).map(String::as_str)
    }

    /// Replaces every reference in a value.
    ///
    /// # Errors
    /// [`UnknownReference`] names the first one without meaning.
    pub fn resolve(&self, value: &Value) -> Result<Value, UnknownReference> {
        match value {
            Value::Array(items) => items.iter().map(|item| self.resolve(item)).collect(),
            Value::Object(map) => self.object(map),
            other => Ok(other.clone()),
        }
    }

    fn object(&self, map: &Map<String, Value>) -> Result<Value, UnknownReference> {
        if let (1, Some((key, inner))) = (map.len(), map.iter().next()) {
            match (key.as_str(), inner) {
                ("Ref", Value::String(name)) => return self.value(name).map(Value::String),
                ("Fn::Sub", Value::String(text)) => return self.substitute(text).map(Value::String),
                ("Fn::GetAtt", Value::Array(path)) => {
                    let path: Vec<&str> = path.iter().filter_map(Value::as_str).collect();
                    return self.value(&path.join(".")).map(Value::String);
                }
                (name, _) if name.starts_with("Fn::") => return Err(UnknownReference(name.to_owned())),
                _ => {}
            }
        }
        let resolved = map.iter().map(|(key, inner)| Ok((key.clone(), self.resolve(inner)?)));
        resolved.collect::<Result<Map<_, _>, _>>().map(Value::Object)
    }

    fn value(&self, reference: &str) -> Result<String, UnknownReference> {
        self.values.get(reference).cloned().ok_or_else(|| UnknownReference(reference.to_owned()))
    }

    fn substitute(&self, text: &str) -> Result<String, UnknownReference> {
        let mut parts = text.split("${");
        let mut result = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let (reference, rest) = part.split_once('}').ok_or_else(|| UnknownReference(part.to_owned()))?;
            result.push_str(&self.value(reference)?);
            result.push_str(rest);
        }
        Ok(result)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn references_are_replaced_wherever_they_stand() {
        let mut resolver = Resolver::default();
        resolver.set("T", "table");
        resolver.set("T.Arn", "arn:table");
        let value = json!({"a": [{"Ref": "T"}], "b": {"Fn::Sub": "x-${T.Arn}/i-${T}"}, "c": {"Fn::GetAtt": ["T", "Arn"]}});
        let resolved = json!({"a": ["table"], "b": "x-arn:table/i-table", "c": "arn:table"});
        assert_eq!(resolver.resolve(&value), Ok(resolved));
        let unknown = resolver.resolve(&json!({"Ref": "U"}));
        assert_eq!(unknown, Err(UnknownReference("U".into())));
        assert!(resolver.resolve(&json!({"Fn::Join": []})).is_err());
    }
}
