//! SMTP: hands a mail to a mail server (RFC 5321), over TLS unless the operator says otherwise.

use std::{
    fmt,
    time::{Duration, UNIX_EPOCH},
};

use domain::{mail::Mail, time::Timestamp};
use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{Mailbox, MultiPart},
    transport::smtp::{
        authentication::Credentials,
        client::{Tls, TlsParameters},
    },
};

use crate::mail::Body;

/// How long a server may take for each answer.
pub const TIMEOUT: Duration = Duration::from_secs(20);
/// How long a whole try may take.
pub const MAX_TRY: Duration = Duration::from_secs(90);
/// The most characters kept of what a server says.
const MAX_SAID: usize = 200;

/// Where mails go.
#[derive(Clone)]
pub struct SmtpSettings {
    /// The server's name.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is protected.
    pub tls: SmtpTls,
    /// Name and password, if the server wants them.
    pub credentials: Option<(String, String)>,
    /// Who writes: `Keyward <keys@example.com>`.
    pub from: String,
}

/// How a connection is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SmtpTls {
    /// It begins in clear and must change to TLS before anything is said (RFC 3207).
    Starttls,
    /// It is TLS from the first byte on (RFC 8314).
    Tls,
    /// It is not.
    None,
}

/// Why settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SmtpUnfit {
    /// Not a sender.
    #[error("mail.from is not of the form `Keyward <keys@example.com>`")]
    From,
    /// No TLS with this server's name.
    #[error("no safe connection can be made to {host}: {source}; check its name, and the system's certificates")]
    Tls {
        /// The server.
        host: String,
        /// What the library said.
        source: lettre::transport::smtp::Error,
    },
}

/// The way to a mail server.
pub struct Smtp {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

/// Why a mail was not taken; holds no secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// The address or the text cannot be sent.
    Unfit(String),
    /// The server said no to this mail.
    Refused {
        /// Its code (RFC 5321, 4.2.3).
        code: u16,
        /// Its words.
        said: String,
    },
    /// The server takes no mail of ours at all at the moment.
    Server(String),
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::Unfit(why) => write!(f, "it cannot be sent: {why}"),
            Fault::Refused { code, said } => write!(f, "the mail server answered {code} {said}"),
            Fault::Server(why) => f.write_str(why),
        }
    }
}

impl Fault {
    /// Whether it would be the same at every try.
    pub fn is_permanent(&self) -> bool {
        match self {
            Fault::Unfit(_) => true,
            Fault::Refused { code, .. } => *code >= 500,
            Fault::Server(_) => false,
        }
    }

    /// Whether other mails would not be taken either.
    pub fn is_of_server(&self) -> bool {
        matches!(self, Fault::Server(_))
    }
}

impl Smtp {
    /// The way to a mail server; nothing is sent yet.
    ///
    /// Errors: what of the settings cannot be used.
    pub fn new(settings: SmtpSettings) -> Result<Smtp, SmtpUnfit> {
        let from = settings.from.parse().map_err(|_| SmtpUnfit::From)?;
        let parameters = || {
            let made = TlsParameters::new(settings.host.clone());
            made.map_err(|source| SmtpUnfit::Tls { host: settings.host.clone(), source })
        };
        let tls = match settings.tls {
            SmtpTls::Starttls => Tls::Required(parameters()?),
            SmtpTls::Tls => Tls::Wrapper(parameters()?),
            SmtpTls::None => Tls::None,
        };
        // "Dangerous" is that it is not encrypted unless told so in the next line.
        let builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(settings.host)
            .port(settings.port)
            .tls(tls)
            .timeout(Some(TIMEOUT));
        let builder = match settings.credentials {
            Some((name, password)) => builder.credentials(Credentials::new(name, password)),
            None => builder,
        };
        Ok(Smtp { transport: builder.build(), from })
    }

    /// Sends a mail.
    ///
    /// Errors: why it was not taken.
    pub async fn send(&self, mail: &Mail, body: Body, now: Timestamp) -> Result<(), Fault> {
        let message = message(&self.from, mail, body, now)?;
        match tokio::time::timeout(MAX_TRY, self.transport.send(message)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(fault(&error)),
            Err(_) => Err(Fault::Server("the mail server did not answer in time".to_owned())),
        }
    }
}

fn message(from: &Mailbox, mail: &Mail, body: Body, now: Timestamp) -> Result<Message, Fault> {
    let unfit = |why: &dyn fmt::Display| Fault::Unfit(cut(&why.to_string()));
    let to: Mailbox = mail.to.as_typed().parse().map_err(|error| unfit(&error))?;
    let host = from.email.domain();
    Message::builder()
        .from(from.clone())
        .to(to)
        .subject(mail.subject.clone())
        .date(UNIX_EPOCH + Duration::from_micros(u64::try_from(now.micros()).unwrap_or(0)))
        // The same at every try: a mailbox that got it twice can tell.
        .message_id(Some(format!("<{}@{host}>", mail.id)))
        .multipart(MultiPart::alternative_plain_html(body.text, body.html))
        .map_err(|error| unfit(&error))
}

fn fault(error: &lettre::transport::smtp::Error) -> Fault {
    let said = || cut(&std::error::Error::source(error).map(ToString::to_string).unwrap_or_default());
    if let Some(status) = error.status() {
        let code: u16 = status.into();
        return match code {
            // Wrong or missing credentials (RFC 4954, 6) are the operator's to put right: no mail is lost for them.
            421 | 454 | 530 | 534 | 535 | 538 => {
                Fault::Server(format!("the mail server does not let Keyward in: {code} {}", said()))
            }
            _ => Fault::Refused { code, said: said() },
        };
    }
    if error.is_timeout() {
        return Fault::Server("the mail server did not answer in time".to_owned());
    }
    if error.is_tls() {
        return Fault::Server(format!("no safe connection to the mail server: {}", said()));
    }
    Fault::Server(format!("the mail server cannot be reached: {}", said()))
}

/// One line of bounded length: what a server says is shown on a page and in the log.
fn cut(said: &str) -> String {
    said.chars().take(MAX_SAID).map(|c| if c.is_control() { ' ' } else { c }).collect::<String>().trim().to_owned()
}
