//! Sending email.

use lettre::message::Mailbox;
use lettre::{Message, SmtpTransport, Transport};
use std::time::Duration;
use uuid::Uuid;

/// What became of something that a carrier took.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Taken {
    /// The carrier's own number for it. Where there is one, a receipt says later whether it arrived.
    pub reference: Option<String>,
}

/// Why a carrier did not take something, in words for whoever runs the installation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unsent {
    /// The carrier is away or busy: the same again later.
    Later(String),
    /// Nothing can be sent there: the address or number is wrong or closed.
    Address(String),
    /// It will not be taken as long as something is set wrongly here.
    Stopped(String),
}

impl Unsent {
    pub fn words(&self) -> &str {
        match self {
            Unsent::Later(words) | Unsent::Address(words) | Unsent::Stopped(words) => words,
        }
    }
}

/// A way to send email. A job that dies is run again: the same message carries the same id.
pub trait Mail: Send + Sync {
    /// # Errors
    /// When the message could not be handed over.
    fn send(&self, id: Uuid, to: &str, subject: &str, body: &str) -> Result<Taken, Unsent>;
}

/// No mail server is set: messages wait.
pub struct NoMail;

impl Mail for NoMail {
    fn send(&self, _id: Uuid, _to: &str, _subject: &str, _body: &str) -> Result<Taken, Unsent> {
        Err(Unsent::Later("no mail server is set: start with --smtp and --mail-from".to_owned()))
    }
}

/// A demo's: nothing leaves the machine, and a page shows what would have.
pub struct KeptMail;

impl Mail for KeptMail {
    fn send(&self, _id: Uuid, _to: &str, _subject: &str, _body: &str) -> Result<Taken, Unsent> {
        Ok(Taken::default())
    }
}

/// A mail server.
pub struct Smtp {
    transport: SmtpTransport,
    from: Mailbox,
}

impl Smtp {
    /// `url` as `smtps://user:password@host:465`, `smtp://host:587?tls=required` or, on the same
    /// machine, `smtp://localhost:25`.
    ///
    /// # Errors
    /// When the address or the sender cannot be read.
    pub fn new(url: &str, from: &str) -> Result<Smtp, String> {
        let transport = SmtpTransport::from_url(url)
            .map_err(|cause| format!("the mail server's address cannot be read: {cause}"))?
            .timeout(Some(Duration::from_secs(20)))
            .build();
        let from = from.parse().map_err(|cause| format!("the sender `{from}` is not an email address: {cause}"))?;
        Ok(Smtp { transport, from })
    }
}

/// Answers of a mail server that speak of the mailbox and not of the server: RFC 5321 section 4.2.3.
const NO_SUCH_MAILBOX: [&str; 3] = ["550", "551", "553"];

impl Mail for Smtp {
    fn send(&self, id: Uuid, to: &str, subject: &str, body: &str) -> Result<Taken, Unsent> {
        let to: Mailbox =
            to.parse().map_err(|cause| Unsent::Address(format!("the recipient is not an email address: {cause}")))?;
        let message = Message::builder()
            .from(self.from.clone())
            .to(to)
            .subject(subject)
            // Mail servers drop a second message with the id of one they have.
            .message_id(Some(format!("<{id}@{}>", self.from.email.domain())))
            .body(body.to_owned())
            .map_err(|cause| Unsent::Stopped(format!("the message cannot be written: {cause}")))?;
        match self.transport.send(&message) {
            Ok(_) => Ok(Taken::default()),
            Err(cause) => {
                let words = format!("the mail server did not take it: {cause}");
                let code = cause.status().map(|code| code.to_string()).unwrap_or_default();
                if NO_SUCH_MAILBOX.contains(&code.as_str()) {
                    Err(Unsent::Address(words))
                } else {
                    Err(Unsent::Later(words))
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{BufRead, BufReader, Write};
    use std::net::TcpListener;

    /// A server that takes one message, or has no such mailbox, and returns what it was told.
    fn take_one(listener: &TcpListener, has_mailbox: bool) -> String {
        let (stream, _) = listener.accept().expect("somebody connects");
        let mut lines = BufReader::new(stream.try_clone().expect("a stream can be cloned"));
        let mut out = stream;
        let mut heard = String::new();
        out.write_all(b"220 ready\r\n").expect("it listens");
        let mut in_data = false;
        loop {
            let mut line = String::new();
            if lines.read_line(&mut line).expect("it speaks") == 0 {
                return heard;
            }
            heard.push_str(&line);
            let answer: &[u8] = match line.trim_end() {
                "." if in_data => {
                    in_data = false;
                    b"250 taken\r\n"
                }
                _ if in_data => continue,
                "DATA" => {
                    in_data = true;
                    b"354 go on\r\n"
                }
                "QUIT" => b"221 bye\r\n",
                _ if line.starts_with("RCPT") && !has_mailbox => b"550 nobody here\r\n",
                _ => b"250 ok\r\n",
            };
            out.write_all(answer).expect("it listens");
            if line.starts_with("QUIT") {
                return heard;
            }
        }
    }

    #[test]
    fn a_message_reaches_the_mail_server_as_it_was_written() {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let port = listener.local_addr().expect("it has an address").port();
        let server = std::thread::spawn(move || take_one(&listener, true));
        {
            let smtp = Smtp::new(&format!("smtp://127.0.0.1:{port}"), "Alderbourne <send@alderbourne.example>")
                .expect("the address can be read");
            smtp.send(Uuid::from_u128(7), "amara@example.com", "Your code", "The code is 123456.\n")
                .expect("it is taken");
        }
        let heard = server.join().expect("the server ends");
        let id = "Message-ID: <00000000-0000-0000-0000-000000000007@alderbourne.example>";
        for said in [id, "RCPT TO:<amara@example.com>", "Subject: Your code", "The code is 123456."] {
            assert!(heard.contains(said), "{said}: {heard}");
        }
    }

    #[test]
    fn a_mailbox_that_is_not_there_is_told_from_a_server_that_is_away() {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let port = listener.local_addr().expect("it has an address").port();
        let server = std::thread::spawn(move || take_one(&listener, false));
        {
            let smtp = Smtp::new(&format!("smtp://127.0.0.1:{port}"), "send@alderbourne.example").expect("it is read");
            let answer = smtp.send(Uuid::from_u128(7), "gone@example.com", "a", "b");
            assert!(matches!(answer, Err(Unsent::Address(_))), "{answer:?}");
        }
        server.join().expect("the server ends");
    }

    #[test]
    fn what_cannot_be_sent_is_said() {
        assert!(Smtp::new("nonsense", "send@alderbourne.example").is_err());
        assert!(Smtp::new("smtp://localhost", "nobody").is_err());
        // Nobody listens on port 1.
        let smtp = Smtp::new("smtp://127.0.0.1:1", "send@alderbourne.example").expect("the address can be read");
        let id = Uuid::from_u128(7);
        assert!(matches!(smtp.send(id, "amara@example.com", "a", "b"), Err(Unsent::Later(_))));
        assert!(matches!(smtp.send(id, "not an address", "a", "b"), Err(Unsent::Address(_))));
        assert!(matches!(NoMail.send(id, "amara@example.com", "a", "b"), Err(Unsent::Later(_))));
    }
}
