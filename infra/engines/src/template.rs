//! `infra/template.yaml`, read into types. Only the resource types that the platform uses are known; anything else is an
//! error at the start, so that the host can never silently leave something out.

use std::collections::BTreeMap;

use saphyr::{LoadableYamlNode, Scalar, Yaml};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use crate::resolve::{Resolver, UnknownReference};

/// The template that this program was built with.
pub const TEMPLATE: &str = include_str!("../../template.yaml");

/// Why a template cannot be hosted.
#[derive(Debug, thiserror::Error)]
pub enum TemplateError {
    /// No YAML.
    #[error("infra/template.yaml is not valid YAML")]
    Yaml(#[from] saphyr::ScanError),
    /// A short tag that is not `Ref`, `GetAtt` or `Sub`.
    #[error("infra/template.yaml uses !{0}; the local host knows Ref, GetAtt and Sub")]
    UnknownTag(String),
    /// A type that the host cannot host.
    #[error("resource {id} has the type {kind}, which the local host does not know")]
    UnknownType {
        /// Its logical id.
        id: String,
        /// Its type.
        kind: String,
    },
    /// Not of the expected shape.
    #[error("resource {id} is not as expected")]
    Shape {
        /// Its logical id.
        id: String,
        /// Where it differs.
        #[source]
        source: serde_json::Error,
    },
    /// A reference to nothing.
    #[error("in resource {id}")]
    Reference {
        /// Its logical id.
        id: String,
        /// Which reference.
        #[source]
        source: UnknownReference,
    },
}

/// What the template describes, references still in place.
#[derive(Debug, Default)]
pub struct Template {
    /// Names of the parameters.
    pub parameters: Vec<String>,
    /// Tables by logical id.
    pub tables: BTreeMap<String, Value>,
    /// Queues by logical id.
    pub queues: BTreeMap<String, Value>,
    /// Functions by logical id, with the globals in them.
    pub functions: BTreeMap<String, Value>,
    /// Buckets: folders here.
    pub buckets: Vec<String>,
    /// Secrets: files here.
    pub secrets: Vec<String>,
    /// The HTTP API.
    pub apis: Vec<String>,
    /// What stands between routes and functions, by logical id.
    pub integrations: BTreeMap<String, Value>,
    /// Routes of the API, by logical id.
    pub routes: BTreeMap<String, Value>,
    /// What only AWS needs: permissions to invoke, stages, alarms, log groups, keys.
    pub aws_alone: Vec<String>,
}

/// A route of the API and the function behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpRoute {
    /// Method and path, with parameters in braces; none for `$default`, what has no route.
    pub place: Option<(String, String)>,
    /// Logical id of the function.
    pub function: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Route {
    route_key: String,
    target: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Integration {
    integration_uri: String,
    payload_format_version: String,
}

/// A function of the template, resolved.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Function {
    /// The folder it is built from.
    pub code_uri: String,
    /// Seconds it may take.
    pub timeout: u64,
    /// What it is given.
    pub environment: Environment,
    /// What starts it, besides routes.
    #[serde(default)]
    pub events: BTreeMap<String, Trigger>,
    /// Its permissions.
    pub policies: Vec<Policy>,
}

/// Environment of a function.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Environment {
    /// By name.
    pub variables: BTreeMap<String, String>,
}

/// What starts a function.
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "Type", content = "Properties")]
pub enum Trigger {
    /// A queue.
    #[serde(rename = "SQS", rename_all = "PascalCase")]
    Sqs {
        /// Resolved to the queue's logical id.
        queue: String,
        /// Records in a batch at most.
        batch_size: usize,
        /// `ReportBatchItemFailures`
        function_response_types: Vec<String>,
    },
    /// The clock.
    #[serde(rename_all = "PascalCase")]
    Schedule {
        /// `rate(1 minute)`
        schedule: String,
    },
}

/// A policy of a function's role.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Policy {
    /// What is allowed.
    pub statement: Vec<Statement>,
}

/// One permission.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Statement {
    /// `Allow`
    pub effect: String,
    /// `dynamodb:GetItem` and so on.
    pub action: Vec<String>,
    /// Resolved.
    pub resource: String,
}

impl Template {
    /// Reads a template.
    ///
    /// # Errors
    /// [`TemplateError`] for everything that the host does not know.
    pub fn parse(text: &str) -> Result<Self, TemplateError> {
        let documents = Yaml::load_from_str(text)?;
        let root = documents.first().map(to_json).transpose()?.unwrap_or_default();
        let keys = |name: &str| match &root[name] {
            Value::Object(map) => map.keys().cloned().collect(),
            _ => Vec::new(),
        };
        let globals = &root["Globals"]["Function"];
        let mut template = Self { parameters: keys("Parameters"), ..Self::default() };
        for id in keys("Resources") {
            let resource = &root["Resources"][&id];
            let properties = resource["Properties"].clone();
            let kind = resource["Type"].as_str().unwrap_or_default().to_owned();
            match kind.as_str() {
                "AWS::DynamoDB::Table" => drop(template.tables.insert(id, properties)),
                "AWS::SQS::Queue" => drop(template.queues.insert(id, properties)),
                "AWS::Serverless::Function" => {
                    drop(template.functions.insert(id, merged(globals.clone(), properties)));
                }
                "AWS::S3::Bucket" => template.buckets.push(id),
                "AWS::SecretsManager::Secret" => template.secrets.push(id),
                "AWS::ApiGatewayV2::Api" => template.apis.push(id),
                "AWS::ApiGatewayV2::Integration" => drop(template.integrations.insert(id, properties)),
                "AWS::ApiGatewayV2::Route" => drop(template.routes.insert(id, properties)),
                "AWS::ApiGatewayV2::Stage"
                | "AWS::Lambda::Permission"
                | "AWS::CloudWatch::Alarm"
                | "AWS::Logs::LogGroup"
                | "AWS::Logs::MetricFilter"
                | "AWS::KMS::Key"
                | "AWS::KMS::Alias" => template.aws_alone.push(id),
                _ => return Err(TemplateError::UnknownType { id, kind }),
            }
        }
        Ok(template)
    }

    /// Every logical id.
    pub fn ids(&self) -> impl Iterator<Item = &String> {
        let described = self.tables.keys().chain(self.queues.keys()).chain(self.functions.keys());
        let described = described.chain(&self.buckets).chain(&self.secrets).chain(&self.apis);
        described.chain(self.integrations.keys()).chain(&self.aws_alone)
    }

    /// The routes of the API with the functions behind them.
    ///
    /// # Errors
    /// [`TemplateError`] if one leads to no function.
    pub fn http_routes(&self, resolver: &Resolver) -> Result<Vec<HttpRoute>, TemplateError> {
        let nowhere = |id: &str, what: &str| {
            let source = UnknownReference::new(what);
            TemplateError::Reference { id: id.to_owned(), source }
        };
        let mut routes = Vec::with_capacity(self.routes.len());
        for (id, properties) in &self.routes {
            let Route { route_key, target } = read(id, properties, resolver)?;
            let integration = target.strip_prefix("integrations/").unwrap_or_default();
            let properties = self.integrations.get(integration).ok_or_else(|| nowhere(id, &target))?;
            let Integration { integration_uri, payload_format_version } =
                read(integration, properties, resolver)?;
            if payload_format_version != "2.0" {
                return Err(nowhere(integration, "PayloadFormatVersion 2.0"));
            }
            let leads_to =
                |function: &&String| resolver.get(&format!("{function}.Arn")) == Some(&integration_uri);
            let function = self.functions.keys().find(leads_to);
            let function = function.ok_or_else(|| nowhere(integration, &integration_uri))?.clone();
            let place = route_key.split_once(' ').map(|(method, path)| (method.to_owned(), path.to_owned()));
            routes.push(HttpRoute { place, function });
        }
        Ok(routes)
    }

    /// A function with its references resolved.
    ///
    /// # Errors
    /// [`TemplateError`] if it is not of the expected shape or refers to nothing.
    pub fn function(&self, id: &str, resolver: &Resolver) -> Result<Function, TemplateError> {
        read(id, &self.functions[id], resolver)
    }
}

/// A resource with its references resolved, as a type.
///
/// # Errors
/// [`TemplateError`] if it is not of the expected shape or refers to nothing.
pub(crate) fn read<T: DeserializeOwned>(
    id: &str,
    properties: &Value,
    resolver: &Resolver,
) -> Result<T, TemplateError> {
    let reference = |source| TemplateError::Reference { id: id.to_owned(), source };
    let resolved = resolver.resolve(properties).map_err(reference)?;
    serde_json::from_value(resolved).map_err(|source| TemplateError::Shape { id: id.to_owned(), source })
}

/// SAM's globals: maps are joined, the function's own values win.
fn merged(globals: Value, own: Value) -> Value {
    match (globals, own) {
        (Value::Object(mut globals), Value::Object(own)) => {
            for (key, value) in own {
                let global = globals.remove(&key).unwrap_or_default();
                globals.insert(key, merged(global, value));
            }
            Value::Object(globals)
        }
        (globals, Value::Null) => globals,
        (_, own) => own,
    }
}

/// YAML with short tags into JSON with CloudFormation's long forms.
fn to_json(yaml: &Yaml<'_>) -> Result<Value, TemplateError> {
    Ok(match yaml {
        Yaml::Value(Scalar::Boolean(value)) => json!(value),
        Yaml::Value(Scalar::Integer(value)) => json!(value),
        Yaml::Value(Scalar::FloatingPoint(value)) => json!(value.into_inner()),
        Yaml::Value(Scalar::String(value)) => json!(value),
        Yaml::Sequence(items) => Value::Array(items.iter().map(to_json).collect::<Result<_, _>>()?),
        Yaml::Mapping(entries) => {
            let mut map = Map::new();
            for (key, value) in entries {
                map.insert(key.as_str().unwrap_or_default().to_owned(), to_json(value)?);
            }
            Value::Object(map)
        }
        Yaml::Tagged(tag, inner) => tagged(&tag.suffix, to_json(inner)?)?,
        _ => Value::Null,
    })
}

fn tagged(tag: &str, inner: Value) -> Result<Value, TemplateError> {
    match (tag, inner.as_str()) {
        ("Ref", _) => Ok(json!({ "Ref": inner })),
        ("Sub", _) => Ok(json!({ "Fn::Sub": inner })),
        ("GetAtt", Some(path)) => {
            let (id, attribute) = path.split_once('.').unwrap_or((path, ""));
            Ok(json!({ "Fn::GetAtt": [id, attribute] }))
        }
        _ => Err(TemplateError::UnknownTag(tag.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_own_template_can_be_hosted() {
        let template = Template::parse(TEMPLATE).unwrap();
        assert_eq!(template.functions.len(), 13);
        let intake = &template.functions["Intake"];
        assert_eq!(intake["Runtime"], "provided.al2023", "globals are in it");
        assert_eq!(intake["Environment"]["Variables"]["PLATFORM_TABLE"], json!({"Ref": "PlatformTable"}));
    }

    #[test]
    fn what_is_not_known_is_an_error() {
        let topic = "Resources:\n  T:\n    Type: AWS::SNS::Topic\n";
        assert!(matches!(Template::parse(topic), Err(TemplateError::UnknownType { .. })));
        let join = "Resources:\n  T:\n    Type: AWS::S3::Bucket\n    Properties: { A: !Join ['', [a]] }\n";
        assert!(matches!(Template::parse(join), Err(TemplateError::UnknownTag(tag)) if tag == "Join"));
    }
}
