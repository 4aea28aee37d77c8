//! How mail goes out: over SMTP, or into a folder.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

use entrypoint::MailSettings;
use entrypoint::queue::chain;
use lettre::message::Mailbox;
use lettre::transport::smtp::PoolConfig;
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};

/// Longest wait for a mail server: well within the time of a batch.
const WITHIN: Duration = Duration::from_secs(8);
/// Connections kept open.
const CONNECTIONS: u32 = 4;
/// The mail server says that there is no such mailbox, or that it takes nothing (RFC 5321, section 4.2.3). Other refusals may
/// be our own fault (a wrong password, a sender that is not allowed) and can be put right.
const NO_MAILBOX: [u16; 4] = [550, 551, 552, 553];

/// The settings of mail make no sense.
#[derive(Debug, Clone, thiserror::Error)]
#[error("mail cannot be sent: {0}")]
pub(crate) struct BadServer(String);

/// Why a mail did not go out.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SendError {
    /// This address never takes it.
    #[error("the address is refused: {0}")]
    Refused(String),
    /// It may go out later.
    #[error("mail cannot be sent now")]
    Failed(#[source] Box<dyn std::error::Error + Send + Sync>),
}

enum Way {
    Folder(PathBuf),
    Smtp(AsyncSmtpTransport<Tokio1Executor>),
}

/// Sends mail.
pub(crate) struct Mailer {
    from: Mailbox,
    way: Way,
}

impl Mailer {
    /// Takes the settings; connects when the first mail goes out.
    ///
    /// # Errors
    /// [`BadServer`] says what is wrong. No password is in it.
    pub(crate) fn open(settings: &MailSettings) -> Result<Self, BadServer> {
        let from = settings.from.parse();
        let from = from.map_err(|error| BadServer(format!("the sender is no address: {error}")))?;
        let way = if let Some(folder) = settings.server.strip_prefix("file://") {
            Way::Folder(PathBuf::from(folder))
        } else {
            let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(&settings.server);
            let transport = transport.map_err(|error| BadServer(chain(&error)))?;
            let pool = PoolConfig::new().max_size(CONNECTIONS);
            Way::Smtp(transport.timeout(Some(WITHIN)).pool_config(pool).build())
        };
        Ok(Self { from, way })
    }

    /// The sender.
    pub(crate) const fn from(&self) -> &Mailbox {
        &self.from
    }

    /// Sends a mail; in a folder it is called `name`, so that a repeat takes the place of the first.
    pub(crate) async fn send(&self, name: &str, message: &Message) -> Result<(), SendError> {
        match &self.way {
            Way::Folder(folder) => {
                let (folder, name, bytes) = (folder.clone(), name.to_owned(), message.formatted());
                let written = tokio::task::spawn_blocking(move || write(&folder, &name, &bytes)).await;
                let written = written.map_err(|error| SendError::Failed(error.into()))?;
                written.map_err(|error| SendError::Failed(error.into()))
            }
            Way::Smtp(transport) => match transport.send(message.clone()).await {
                Ok(_) => Ok(()),
                Err(error) if error.status().is_some_and(|code| NO_MAILBOX.contains(&u16::from(code))) => {
                    Err(SendError::Refused(chain(&error)))
                }
                Err(error) => Err(SendError::Failed(error.into())),
            },
        }
    }
}

/// Whole or not at all: written beside, then renamed.
fn write(folder: &Path, name: &str, bytes: &[u8]) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let unfinished = folder.join(format!(".{name}.part"));
    let mut file = std::fs::File::create(&unfinished)?;
    file.write_all(bytes)?;
    std::fs::rename(unfinished, folder.join(format!("{name}.eml")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(server: &str, from: &str) -> MailSettings {
        MailSettings { server: server.into(), from: from.into() }
    }

    fn mail() -> Message {
        let address = |text: &str| text.parse::<Mailbox>().unwrap();
        let mail = Message::builder().from(address("a@city.example")).to(address("b@mail.example"));
        mail.body("Text".to_owned()).unwrap()
    }

    #[tokio::test]
    async fn a_repeat_takes_the_place_of_the_first() {
        let folder = tempfile::tempdir().unwrap();
        let server = format!("file://{}/mail", folder.path().display());
        let mailer = Mailer::open(&settings(&server, "City <a@city.example>")).unwrap();
        mailer.send("1-a", &mail()).await.unwrap();
        mailer.send("1-a", &mail()).await.unwrap();
        let names = std::fs::read_dir(folder.path().join("mail")).unwrap();
        let names: Vec<_> = names.map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(names, ["1-a.eml"]);
    }

    #[tokio::test]
    async fn a_server_that_does_not_answer_is_tried_again_later() {
        // Nothing listens on the discard port of loopback.
        let mailer = Mailer::open(&settings("smtp://127.0.0.1:9", "a@city.example")).unwrap();
        assert!(matches!(mailer.send("1-a", &mail()).await, Err(SendError::Failed(_))));
    }

    /// A mail server that answers the recipient with `reply`; gives its address.
    fn server(reply: &'static str) -> String {
        use std::io::{BufRead, BufReader};
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let lines = BufReader::new(stream.try_clone().unwrap()).lines();
            let mut in_data = false;
            write!(stream, "220 mail\r\n").unwrap();
            for line in lines.map_while(Result::ok) {
                let answer = match line.get(..4).unwrap_or_default() {
                    _ if in_data && line != "." => continue,
                    "RCPT" => reply,
                    "DATA" => "354 go on",
                    "QUIT" => "221 bye",
                    _ => "250 ok",
                };
                in_data = answer.starts_with("354");
                write!(stream, "{answer}\r\n").unwrap();
            }
        });
        format!("smtp://{address}")
    }

    #[tokio::test]
    async fn a_mailbox_that_is_not_there_is_refused_and_a_busy_server_is_tried_again() {
        let send = async |reply| {
            let mailer = Mailer::open(&settings(&server(reply), "a@city.example")).unwrap();
            mailer.send("1-a", &mail()).await
        };
        assert!(send("250 ok").await.is_ok());
        assert!(matches!(send("550 no such user").await, Err(SendError::Refused(_))));
        assert!(matches!(send("451 try later").await, Err(SendError::Failed(_))));
        assert!(matches!(send("530 sign in first").await, Err(SendError::Failed(_))), "our own fault");
    }

    #[tokio::test]
    async fn settings_that_make_no_sense_are_named() {
        assert!(Mailer::open(&settings("gopher://mail", "a@city.example")).is_err());
        assert!(Mailer::open(&settings("smtp://mail.example", "nobody")).is_err());
    }
}
