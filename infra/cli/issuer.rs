//! `vmeste issuer`: the development identity provider alone, for a platform that runs elsewhere.

use std::io::Write;

use clap::Args;
use store::Store;
use tokio::net::TcpListener;
use vmeste::issuer::Issuer;

/// Whose tokens.
#[derive(Args)]
pub(crate) struct Options {
    /// Port on loopback.
    #[arg(long, default_value_t = 8090)]
    port: u16,
    /// Where the platform answers, to send people back to.
    #[arg(long, value_name = "URL")]
    platform: String,
    /// 32 bytes in hex that the signing key is made of.
    #[arg(long, env = "VMESTE_ISSUER_KEY", hide_env_values = true)]
    key: String,
    /// The platform's DynamoDB, if it is not AWS's: the page of personas shows who works where.
    #[arg(long, value_name = "URL", env = "AWS_ENDPOINT_URL_DYNAMODB")]
    dynamodb_url: Option<String>,
    /// The name of the platform table.
    #[arg(long, default_value = "PlatformTable", env = "PLATFORM_TABLE")]
    table: String,
}

/// Serves until Ctrl-C. Never for a platform with real people: anybody who reaches it can sign in as anybody.
pub(crate) async fn run(options: Options) -> anyhow::Result<()> {
    let listener = TcpListener::bind(("127.0.0.1", options.port)).await?;
    let own = format!("http://{}", listener.local_addr()?);
    let issuer = Issuer::new(own, &options.key)?.for_platform(options.platform);
    let clients = engines::clients(options.dynamodb_url.as_deref(), None).await;
    let store = Store::new(clients.dynamodb, options.table, None);
    writeln!(std::io::stdout(), "the issuer is {}", issuer.signer.url())?;
    axum::serve(listener, issuer.router(store)).await?;
    Ok(())
}
