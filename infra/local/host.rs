//! The host: engines, tables, queues, functions, gateway and triggers, started in this order.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::Duration;

use engines::signer::AUDIENCE;
use engines::{
    Calls, Endpoints, Engines, Function, HttpRoute, OURS, Resolver, TEMPLATE, Template, Trigger, provision,
};
use entrypoint::{App, Clock, IndexLocation};
use events::Consumer;
use futures::TryStreamExt;
use futures::future::ready;
use store::{Store, StoreError};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use crate::data::{Data, OpenFolder, Running};
use crate::demo;
use crate::functions::{self, Handler, RunError};
use crate::gateway::{self, Route};
use crate::issuer::{self, Issuer};
use crate::mailbox;
use crate::triggers;

/// How to start.
#[derive(Debug, Clone)]
pub struct Options {
    /// Port on loopback; 0 for any.
    pub port: u16,
    /// Where data is kept.
    pub data: Data,
    /// No demo city.
    pub empty: bool,
    /// Engines that are there already.
    pub endpoints: Endpoints,
    /// The time, for all functions.
    pub clock: Clock,
    /// Queues and schedules rest, so that work on the data as a whole runs alone.
    pub at_rest: bool,
}

impl Options {
    /// The demo city with its data here, on any port, with engines of its own and the time as it is.
    pub fn new(data: Data) -> Self {
        Self {
            port: 0,
            data,
            empty: false,
            endpoints: Endpoints::default(),
            clock: Clock::default(),
            at_rest: false,
        }
    }
}

/// A running platform. Dropping it stops it at once, as `kill` would.
pub struct Host {
    /// Where it answers.
    pub url: String,
    /// Its engines.
    pub engines: Engines,
    /// Its tables.
    pub store: Store,
    /// The calls made so far.
    pub calls: Calls,
    /// Signs tokens.
    pub issuer: Issuer,
    /// The template.
    pub template: Template,
    /// What every reference of the template means here.
    pub resolver: Resolver,
    clock: Clock,
    handlers: BTreeMap<String, Handler>,
    tasks: JoinSet<()>,
    folder: OpenFolder,
}

/// Why the host does not start.
pub type StartError = Box<dyn std::error::Error + Send + Sync>;

impl Host {
    /// Starts everything; once it returns, requests are answered.
    ///
    /// # Errors
    /// Whatever is in the way, for a person to read.
    pub async fn start(options: Options) -> Result<Self, StartError> {
        let folder = OpenFolder::open(&options.data)?;
        let listener = TcpListener::bind(("127.0.0.1", options.port))
            .await
            .map_err(|error| format!("port {} cannot be used: {error}", options.port))?;
        let url = format!("http://{}", listener.local_addr()?);
        let issuer = Issuer::new(url.clone(), &folder.secret("development-issuer.key")?)?;

        let (calls, mut tasks) = (Calls::default(), JoinSet::new());
        let data = folder.kept.then_some(folder.path.as_path());
        let engines = Engines::start(data, options.endpoints, &calls, &mut tasks).await?;
        let template = Template::parse(TEMPLATE)?;
        let mut resolver = Resolver::default();
        // What only AWS needs (stage, retention, alarms) stands for itself.
        for name in &template.parameters {
            resolver.set(name, name);
        }
        let mail = std::path::absolute(folder.path.join("mail"))?;
        for (name, value) in parameters(&issuer, &url, &mail) {
            resolver.set(name, value);
        }
        let is_new = provision(&template, &mut resolver, &engines.clients).await?;
        let store =
            Store::new(engines.clients.dynamodb.clone(), "PlatformTable".into(), Some("PeopleTable".into()));
        count_inboxes(&store, is_new).await?;
        demo::seed(&store, options.empty).await?;
        issuer::seed_people(&store).await?;

        let mut handlers = BTreeMap::new();
        for id in template.functions.keys() {
            let function = template.function(id, &resolver)?;
            let vars = variables(id, &function, &folder)?;
            let app = App::from_vars(
                |name| vars.get(name).cloned(),
                &engines.clients_of(id),
                options.clock.clone(),
            )?;
            let handler =
                functions::handler(id, app).ok_or_else(|| format!("no handler for function {id}"))?;
            if !options.at_rest {
                start_triggers(id, &function, &handler, &engines, &resolver, &mut tasks)?;
            }
            handlers.insert(id.clone(), handler);
        }
        let routes = routes(&template.http_routes(&resolver)?, &handlers)?;
        let router = gateway::router(routes)?.merge(issuer.clone().router(store.clone()));
        let router = router.merge(mailbox::router(mail, store.clone()));
        tasks.spawn(async move {
            if let Err(error) = axum::serve(listener, router).await {
                tracing::error!(%error, "the gateway stopped");
            }
        });
        let clock = options.clock;
        let mut host =
            Self { url, engines, store, calls, issuer, template, resolver, clock, handlers, tasks, folder };
        host.announce()?;
        host.describe_environments()?;
        host.sweep();
        if !options.at_rest {
            host.resend()?;
            host.remake_index()?;
        }
        Ok(host)
    }

    /// Runs a scheduled function now.
    ///
    /// # Errors
    /// What the run ends with.
    pub async fn run(&self, function: &str) -> Result<(), RunError> {
        match self.handlers.get(function) {
            Some(Handler::Schedule(run)) => run().await,
            _ => Err(format!("{function} is no scheduled function").into()),
        }
    }

    /// Where its search index is.
    ///
    /// # Errors
    /// If the template does not say it.
    pub fn index(&self) -> Result<IndexLocation, StartError> {
        Ok(self.context("Indexing")?.index()?.clone())
    }

    /// The folder with its data.
    pub fn folder(&self) -> &std::path::Path {
        &self.folder.path
    }

    /// Waits until everything has stopped, which it does not by itself.
    pub async fn wait(&mut self) {
        while self.tasks.join_next().await.is_some() {}
    }

    /// The embedded engine does not remove expired items by itself.
    fn sweep(&mut self) {
        let Some(database) = self.engines.database.clone() else {
            return;
        };
        self.tasks.spawn(async move {
            loop {
                tokio::time::sleep(Duration::from_mins(10)).await;
                let database = database.clone();
                if let Ok(Err(error)) = tokio::task::spawn_blocking(move || database.sweep_ttl()).await {
                    tracing::warn!(%error, "expired items could not be swept");
                }
            }
        });
    }

    /// The queues are empty after a start, so whatever is not done is sent again. Requests are answered meanwhile.
    fn resend(&mut self) -> Result<(), StartError> {
        let app = self.context("Relay")?;
        self.tasks.spawn(async move {
            if let Err(error) = relay::resend_all(&app).await {
                tracing::warn!(error = entrypoint::queue::chain(&error), "the relay will send again");
            }
        });
        Ok(())
    }

    /// Data of an earlier version may hold an index of another format. `indexing` makes the outdated part anew with its next batch,
    /// for which a quiet platform would wait.
    fn remake_index(&mut self) -> Result<(), StartError> {
        let (store, index) = (self.store.clone(), self.index()?);
        self.tasks.spawn(async move {
            if let Err(error) = indexing::remake_outdated(&store, &index).await {
                tracing::warn!(
                    error = entrypoint::queue::chain(&*error),
                    "indexing will make the index anew"
                );
            }
        });
        Ok(())
    }

    /// What a process of its own needs to be this function: what the template gives it, and where the engines are.
    ///
    /// # Errors
    /// If there is no such function.
    pub fn environment(&self, function: &str) -> Result<BTreeMap<String, String>, StartError> {
        let described = self.template.function(function, &self.resolver)?;
        let mut environment = variables(function, &described, &self.folder)?;
        let engines = [
            ("AWS_ENDPOINT_URL_DYNAMODB", self.engines.dynamodb_url.as_str()),
            ("AWS_ENDPOINT_URL_SQS", &self.engines.sqs_url),
            ("AWS_REGION", "us-east-1"),
            ("AWS_ACCESS_KEY_ID", OURS),
            ("AWS_SECRET_ACCESS_KEY", OURS),
        ];
        environment.extend(engines.map(|(name, value)| (name.to_owned(), value.to_owned())));
        Ok(environment)
    }

    fn announce(&mut self) -> Result<(), StartError> {
        let running = Running {
            url: self.url.clone(),
            dynamodb_url: self.engines.dynamodb_url.clone(),
            sqs_url: self.engines.sqs_url.clone(),
            own_engines: self.engines.ours,
            index_store: self.index()?.store,
        };
        Ok(self.folder.announce(&running)?)
    }

    fn describe_environments(&self) -> Result<(), StartError> {
        if self.folder.kept {
            for function in self.template.functions.keys() {
                self.folder.write_environment(function, &self.environment(function)?)?;
            }
        }
        Ok(())
    }

    /// The context of a function, as its process on Lambda would have it.
    ///
    /// # Errors
    /// If the template does not give the function what it needs.
    pub fn context(&self, function: &str) -> Result<App, StartError> {
        let described = self.template.function(function, &self.resolver)?;
        let vars = variables(function, &described, &self.folder)?;
        let clients = self.engines.clients_of(function);
        Ok(App::from_vars(|name| vars.get(name).cloned(), &clients, self.clock.clone())?)
    }
}

/// Deliveries whose effect is missing.
///
/// # Errors
/// If the database fails.
pub async fn pending(store: &Store) -> Result<usize, StoreError> {
    let mut count = 0;
    for consumer in Consumer::ALL {
        count += store.pending(consumer).try_fold(0, |sum, _| ready(Ok(sum + 1))).await?;
    }
    Ok(count)
}

/// The template's parameters on this machine.
fn parameters(issuer: &Issuer, url: &str, mail: &Path) -> [(&'static str, String); 6] {
    [
        ("MailServer", format!("file://{}", mail.display())),
        ("MailFrom", "Вместе <noreply@mail.example>".to_owned()),
        ("PublicUrl", url.to_owned()),
        ("OidcIssuer", issuer.signer.url().to_owned()),
        ("OidcAudience", AUDIENCE.to_owned()),
        ("OidcJwksUrl", issuer.signer.jwks_url()),
    ]
}

/// What the template gives a function here.
fn variables(
    id: &str,
    function: &Function,
    folder: &OpenFolder,
) -> Result<BTreeMap<String, String>, StartError> {
    Ok(engines::variables(id, function, &folder.path, &folder.secret("master.key")?)?)
}

fn start_triggers(
    id: &str,
    function: &Function,
    handler: &Handler,
    engines: &Engines,
    resolver: &Resolver,
    tasks: &mut JoinSet<()>,
) -> Result<(), StartError> {
    let mut kinds = BTreeSet::new();
    for trigger in function.events.values() {
        match (trigger, handler) {
            (Trigger::Sqs { queue, batch_size, .. }, Handler::Queue(_)) => {
                kinds.insert("queue");
                let sqs = engines.clients.sqs.clone();
                // The last part of an ARN is the queue's name, which is its logical id here.
                let name = queue.rsplit(':').next().unwrap_or_default();
                let url = resolver.get(name).ok_or_else(|| format!("{id}: there is no queue {queue}"))?;
                tasks.spawn(triggers::poll(sqs, url.to_owned(), *batch_size, handler.clone()));
            }
            (Trigger::Schedule { schedule }, Handler::Schedule(_)) => {
                kinds.insert("schedule");
                let period =
                    triggers::rate(schedule).ok_or_else(|| format!("{id}: unknown schedule {schedule}"))?;
                tasks.spawn(triggers::tick(id.to_owned(), period, handler.clone()));
            }
            _ => return Err(format!("function {id} has a trigger that its handler does not take").into()),
        }
    }
    let expected = usize::from(!matches!(handler, Handler::Http(_)));
    if kinds.len() == expected {
        Ok(())
    } else {
        Err(format!("function {id} must have one kind of trigger").into())
    }
}

/// Routes with the routers behind them.
fn routes(described: &[HttpRoute], handlers: &BTreeMap<String, Handler>) -> Result<Vec<Route>, StartError> {
    let mut routes = Vec::with_capacity(described.len());
    for HttpRoute { place, function } in described {
        let Some(Handler::Http(router)) = handlers.get(function) else {
            return Err(format!("a route leads to {function}, which does not answer requests").into());
        };
        routes.push(Route { place: place.clone(), function: router.clone() });
    }
    Ok(routes)
}

/// Data of an earlier version may hold submissions that stand in no counter of an inbox. Nobody is shown an inbox before they do.
async fn count_inboxes(store: &Store, is_new: bool) -> Result<(), StartError> {
    if is_new {
        store.mark_inboxes_counted().await?;
    } else if !store.inboxes_are_counted().await? {
        let counted = store.count_inboxes(|_| ()).await?;
        tracing::info!(counted, "the inboxes of an earlier version have been counted");
    }
    Ok(())
}
