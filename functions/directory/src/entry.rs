//! One entry: `GET`, `POST /directory/entries/{section}/{id}` and its removal. `new` in place of the id is an entry to be.

use askama::Template;
use axum::Json;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use domain::authorization::Action;
use domain::directory::{Draft, Entry, Section, Violation};
use domain::organization::Organization;
use entrypoint::App;
use entrypoint::http::{Caller, Failure, FieldError, HttpCommand, Nothing, Path, Posted, Reply, etag};
use pages::prelude::*;
use store::StoreError;

use crate::address;
use crate::change::publish;
use crate::entries::EntryView;
use crate::fields::{Offers, values};
use crate::file::REPORTED;
use crate::names::{Names, label};
use crate::overview::DirectoryView;
use crate::request::{EntryRequest, NameableEntries};

/// In place of an id: an entry to be.
const NEW: &str = "new";
/// Entries named that still refer to one.
const NAMED: usize = 20;

/// Another entry that this one names.
struct Link {
    label: String,
    name: String,
    address: String,
}

#[derive(Template)]
#[template(path = "entry.html")]
struct EntryPage {
    l: Layout,
    section: Section,
    /// None for an entry to be.
    id: Option<String>,
    title: String,
    address: String,
    version: u64,
    links: Vec<Link>,
    offers: Offers,
    form: Form,
}

impl EntryPage {
    /// The id, if the title is something else.
    fn other_id(&self) -> Option<&String> {
        self.id.as_ref().filter(|id| **id != self.title)
    }

    const fn id_hint(&self) -> &'static str {
        if matches!(self.section, Section::People) { "directory-id-hint-people" } else { "directory-id-hint" }
    }
}

/// One entry, as a file has it; as a page, a form to change it.
#[utoipa::path(get, path = "/directory/entries/{section}/{id}", tag = "directory",
    params(("section" = String, Path), ("id" = String, Path)),
    responses((status = 200, body = EntryView),
        Failure))]
pub(crate) async fn show(
    app: App,
    Path((section, id)): Path<(Section, String)>,
    visit: Visit,
    caller: Caller,
) -> Result<Response, Failure> {
    caller.administrator(&app, Action::ManageDirectory).await?;
    let one = one_entry(&app, section, &id).await?;
    if visit.page {
        let form =
            one.draft.entry(section, &id).map(|entry| Form::filled(values(&entry))).unwrap_or_default();
        return html(&page(&app, visit.layout, section, &id, &one, form).await?);
    }
    let entry = one.draft.entry(section, &id).ok_or(Failure::NotFound)?;
    let names = Names::of_entries(&app, &[entry]).await?;
    Ok(([(header::ETAG, etag(one.version))], Json(EntryView::of(&entry, &names)?)).into_response())
}

/// Change one entry, or add one: `new` in place of the id takes it from the field `id`.
#[utoipa::path(post, path = "/directory/entries/{section}/{id}", tag = "directory", request_body = EntryRequest,
    params(("section" = String, Path), ("id" = String, Path),
        ("If-Match" = Option<String>, Header), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = DirectoryView),
        Failure))]
pub(crate) async fn save(
    app: App,
    Path((section, id)): Path<(Section, String)>,
    visit: Visit,
    caller: Caller,
    posted: Posted<EntryRequest>,
) -> Result<Response, Failure> {
    caller.administrator(&app, Action::ManageDirectory).await?;
    one_entry(&app, section, &id).await?;
    let act = async |command: HttpCommand<EntryRequest>| {
        let own = if id == NEW { command.body.new_id().unwrap_or_default() } else { &id };
        let reply = written(&app, section, own, id == NEW, &command).await?;
        Ok(Done::new(reply, &format!("{}?done=entry-saved", address::entry(section, own))))
    };
    visit.answer(posted, act, async |l, form| again(&app, l, section, &id, form).await).await
}

/// Take an entry out; not while another one names it.
#[utoipa::path(post, path = "/directory/entries/{section}/{id}/removal", tag = "directory", request_body = Nothing,
    params(("section" = String, Path), ("id" = String, Path),
        ("If-Match" = Option<String>, Header), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = DirectoryView),
        Failure))]
pub(crate) async fn remove(
    app: App,
    Path((section, id)): Path<(Section, String)>,
    visit: Visit,
    caller: Caller,
    posted: Posted<Nothing>,
) -> Result<Response, Failure> {
    caller.administrator(&app, Action::ManageDirectory).await?;
    let act = async |command: HttpCommand<Nothing>| {
        let change = |draft: &mut Draft| taken_out(draft, section, &id);
        let reply = publish(&app, &command, change, |problems| explained(section, &id, problems)).await?;
        Ok(Done::new(reply, &format!("/directory/entries?section={section}&done=entry-removed")))
    };
    let again = async |l, mut form: Form| {
        // The button carries no values: the form beside it shows the entry as it is.
        let one = one_entry(&app, section, &id).await?;
        form.values = one.draft.entry(section, &id).map(|entry| values(&entry)).unwrap_or_default();
        again(&app, l, section, &id, form).await
    };
    visit.answer(posted, act, again).await
}

async fn written(
    app: &App,
    section: Section,
    id: &str,
    new: bool,
    command: &HttpCommand<EntryRequest>,
) -> Result<Reply, Failure> {
    let entry = command.body.draft(section, id, &NameableEntries::load(app, section).await?)?;
    let change = |draft: &mut Draft| {
        if new && draft.entry(section, id).is_some() {
            let error = FieldError::coded("id", "used-twice", format!("«{id}» is used already"));
            return Err(error.with("wanted", id).into());
        }
        draft.merge(entry.clone());
        Ok(())
    };
    publish(app, command, change, |problems| explained(section, id, problems)).await
}

/// Takes an entry out, unless others name it.
fn taken_out(draft: &mut Draft, section: Section, id: &str) -> Result<(), Failure> {
    let mut references = draft.references(section, id);
    references.retain(|found| (found.section, found.id.as_str()) != (section, id));
    if references.is_empty() {
        return if draft.remove(section, id) { Ok(()) } else { Err(Failure::NotFound) };
    }
    let more = references.len().saturating_sub(NAMED);
    let used = references.iter().take(NAMED).map(|found| {
        let message = format!("{} «{}» names it in {}", found.section, found.id, found.field);
        let error = FieldError::coded("", "still-used", message);
        error.with("section", found.section.as_str()).with("wanted", found.id.as_str())
    });
    let rest = (more > 0).then(|| {
        FieldError::coded("", "still-used-more", format!("and {more} more")).with("n", more.to_string())
    });
    Err(Failure::Invalid(used.chain(rest).collect()))
}

/// What is wrong with the entry itself stands beside its fields; what would be wrong elsewhere names the other entry.
fn explained(section: Section, id: &str, problems: &[Violation]) -> Failure {
    let field = |wrong: &Violation| match &wrong.id {
        Some(other) if (wrong.section, other.as_str()) == (section, id) => {
            FieldError::because(wrong.field, &wrong.flaw)
        }
        Some(other) => FieldError::because(format!("{}/{other}.{}", wrong.section, wrong.field), &wrong.flaw),
        None => FieldError::because("", &wrong.flaw),
    };
    Failure::Invalid(problems.iter().take(REPORTED).map(field).collect())
}

/// The page again, with what is wrong.
async fn again(
    app: &App,
    l: Layout,
    section: Section,
    id: &str,
    mut form: Form,
) -> Result<Response, Failure> {
    // Pinned anew: the form may have been refused because of a version that is in force since.
    let app = &app.pinned();
    let one = one_entry(app, section, id).await?;
    for (field, message) in &mut form.errors {
        if let Some((other, _)) = field.split_once('.')
            && let Some((section, other)) = other.split_once('/')
        {
            let entry = format!("{}, {other}", l.named("directory-section", section));
            *message = l.with2("directory-elsewhere", "entry", entry, "reason", &message);
            field.clear();
        }
    }
    html(&page(app, l, section, id, &one, form).await?)
}

async fn page(
    app: &App,
    l: Layout,
    section: Section,
    id: &str,
    one: &One,
    form: Form,
) -> Result<EntryPage, Failure> {
    let entry = one.draft.entry(section, id);
    let entries: Vec<Entry<'_>> = entry.into_iter().collect();
    let names = Names::of_entries(app, &entries).await?;
    let mut links = Vec::new();
    for (field, value) in entry.map(|entry| entry.fields()).unwrap_or_default() {
        if let Some(target) = domain::directory::target(section, &field)
            && let Some(name) = names.get(target, &value)
        {
            let address = address::entry(target, &value);
            links.push(Link { label: label(&l, &field), name: name.to_owned(), address });
        }
    }
    let name = entry.and_then(|entry| entry.name().or_else(|| names.get(section, id)));
    let title = match entry {
        Some(_) => name.unwrap_or(id).to_owned(),
        None => l.named("directory-new", section),
    };
    Ok(EntryPage {
        section,
        title,
        links,
        form,
        address: address::entry(section, id),
        version: one.version,
        offers: Offers::of(&l, section, &*app.store.directory_lists().await?),
        id: entry.map(|entry| entry.id().to_owned()),
        l,
    })
}

/// An entry in a version of the directory; an entry to be is not there.
struct One {
    version: u64,
    draft: Draft,
}

async fn one_entry(app: &App, section: Section, id: &str) -> Result<One, Failure> {
    let version = app.store.directory_info().await?.ok_or(StoreError::NoDirectory)?.version;
    let mut one = Draft::default();
    if id == NEW {
        return Ok(One { version, draft: one });
    }
    if section == Section::Organizations {
        let id = id.parse().map_err(|_| Failure::NotFound)?;
        one.organizations.extend(app.store.organization(&id).await?.map(Organization::from));
    } else {
        let lists = app.store.directory_lists().await?;
        match lists.entry(section, id) {
            Some(Entry::Calendar(entry)) => one.calendars.push(entry.clone()),
            Some(Entry::Territory(entry)) => one.territories.push(entry.clone()),
            Some(Entry::Category(entry)) => one.categories.push(entry.clone()),
            Some(Entry::RoutingRule(entry)) => one.routing_rules.push(entry.clone()),
            Some(Entry::DeadlineRule(entry)) => one.deadline_rules.push(entry.clone()),
            Some(Entry::Person(entry)) => one.people.push(entry.clone()),
            Some(Entry::Organization(_)) | None => {}
        }
    }
    if one.entry(section, id).is_some() { Ok(One { version, draft: one }) } else { Err(Failure::NotFound) }
}
