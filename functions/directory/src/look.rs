//! Looking into what everybody may see of the directory: a form must offer it.

use axum::Json;
use domain::OrganizationId;
use domain::tree::{Node, Tree};
use entrypoint::App;
use entrypoint::http::{Failure, Path, Query, limit};
use serde::{Deserialize, Serialize};
use store::PlacedOrganization;
use utoipa::{IntoParams, ToSchema};

/// An entry of a tree.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Entry)]
pub(crate) struct TreeEntry {
    id: String,
    name: String,
    /// The entry above it.
    parent: Option<String>,
}

impl TreeEntry {
    fn of<N: Node>(node: &N) -> Self {
        let parent = node.parent().map(ToString::to_string);
        Self { id: node.id().to_string(), name: node.name().to_owned(), parent }
    }
}

impl From<PlacedOrganization> for TreeEntry {
    fn from(organization: PlacedOrganization) -> Self {
        Self {
            id: organization.id.to_string(),
            name: organization.name,
            parent: organization.parent.map(String::from),
        }
    }
}

/// Every category: groups and the topics in them, by name.
#[utoipa::path(get, path = "/categories", tag = "directory", responses((status = 200, body = Vec<TreeEntry>)))]
pub(crate) async fn categories(app: App) -> Result<Json<Vec<TreeEntry>>, Failure> {
    Ok(Json(entries(&app.store.rulebook().await?.categories)))
}

/// Every territory, by name.
#[utoipa::path(get, path = "/territories", tag = "directory", responses((status = 200, body = Vec<TreeEntry>)))]
pub(crate) async fn territories(app: App) -> Result<Json<Vec<TreeEntry>>, Failure> {
    Ok(Json(entries(&app.store.rulebook().await?.territories)))
}

fn entries<N: Node>(tree: &Tree<N>) -> Vec<TreeEntry> {
    let mut entries: Vec<TreeEntry> = tree.iter().map(TreeEntry::of).collect();
    entries.sort_by(|a, b| (&a.name, &a.id).cmp(&(&b.name, &b.id)));
    entries
}

/// Which organizations.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(crate) struct OrganizationQuery {
    /// Part of the name, in any case.
    q: Option<String>,
    /// Id of the organization right above.
    parent: Option<String>,
    /// 1 to 1,000; 100 if left out.
    limit: Option<usize>,
}

/// Organizations by name.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OrganizationList {
    /// All that fit, shown or not.
    total: usize,
    items: Vec<TreeEntry>,
}

/// Organizations by name.
#[utoipa::path(get, path = "/organizations", tag = "directory", params(OrganizationQuery),
    responses((status = 200, body = OrganizationList),
        Failure))]
pub(crate) async fn organizations(
    app: App,
    Query(query): Query<OrganizationQuery>,
) -> Result<Json<OrganizationList>, Failure> {
    let limit = limit(query.limit, 100, 1_000)?;
    let wanted = query.q.as_deref().unwrap_or_default().trim().to_lowercase();
    let all = app.store.organizations().await?;
    let fits = |organization: &&PlacedOrganization| {
        let above = organization.parent.as_ref().map(OrganizationId::as_str);
        let fits_parent = query.parent.as_deref().is_none_or(|parent| above == Some(parent));
        fits_parent && (wanted.is_empty() || organization.name.to_lowercase().contains(&wanted))
    };
    let total = all.iter().filter(fits).count();
    let items = all.iter().filter(fits).take(limit).cloned().map(TreeEntry::from).collect();
    Ok(Json(OrganizationList { total, items }))
}

/// One organization.
#[utoipa::path(get, path = "/organizations/{id}", tag = "directory", params(("id" = String, Path)),
    responses((status = 200, body = TreeEntry),
        Failure))]
pub(crate) async fn organization(
    app: App,
    Path(id): Path<OrganizationId>,
) -> Result<Json<TreeEntry>, Failure> {
    let organization = app.store.organization(&id).await?.ok_or(Failure::NotFound)?;
    Ok(Json(organization.into()))
}
