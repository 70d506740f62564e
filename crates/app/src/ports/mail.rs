//! Sending email.

use lettre::message::Mailbox;
use lettre::{Message, SmtpTransport, Transport};
use std::time::Duration;

/// A way to send email. What is sent twice must do no harm: a job that dies is run again.
pub trait Mail: Send + Sync {
    /// # Errors
    /// In words for whoever runs the installation, when the message could not be handed over.
    fn send(&self, to: &str, subject: &str, body: &str) -> Result<(), String>;
}

/// No mail server is set: messages wait.
pub struct NoMail;

impl Mail for NoMail {
    fn send(&self, _to: &str, _subject: &str, _body: &str) -> Result<(), String> {
        Err("no mail server is set: start with --smtp and --mail-from".to_owned())
    }
}

/// A demo's: nothing leaves the machine, and a page shows what would have.
pub struct KeptMail;

impl Mail for KeptMail {
    fn send(&self, _to: &str, _subject: &str, _body: &str) -> Result<(), String> {
        Ok(())
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

impl Mail for Smtp {
    fn send(&self, to: &str, subject: &str, body: &str) -> Result<(), String> {
        let to: Mailbox = to.parse().map_err(|cause| format!("the recipient is not an email address: {cause}"))?;
        let message = Message::builder()
            .from(self.from.clone())
            .to(to)
            .subject(subject)
            .body(body.to_owned())
            .map_err(|cause| format!("the message cannot be written: {cause}"))?;
        self.transport.send(&message).map(|_| ()).map_err(|cause| format!("the mail server did not take it: {cause}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{BufRead, BufReader, Write};
    use std::net::TcpListener;

    /// A server that takes one message and returns what it was told.
    fn take_one(listener: &TcpListener) -> String {
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
        let server = std::thread::spawn(move || take_one(&listener));
        {
            let smtp = Smtp::new(&format!("smtp://127.0.0.1:{port}"), "Alderbourne <send@alderbourne.example>")
                .expect("the address can be read");
            smtp.send("amara@example.com", "Your code", "The code is 123456.\n").expect("it is taken");
        }
        let heard = server.join().expect("the server ends");
        for said in ["RCPT TO:<amara@example.com>", "Subject: Your code", "The code is 123456."] {
            assert!(heard.contains(said), "{said}: {heard}");
        }
    }

    #[test]
    fn what_cannot_be_sent_is_said() {
        assert!(Smtp::new("nonsense", "send@alderbourne.example").is_err());
        assert!(Smtp::new("smtp://localhost", "nobody").is_err());
        // Nobody listens on port 1.
        let smtp = Smtp::new("smtp://127.0.0.1:1", "send@alderbourne.example").expect("the address can be read");
        assert!(smtp.send("amara@example.com", "a", "b").is_err());
        assert!(smtp.send("not an address", "a", "b").is_err());
        assert!(NoMail.send("amara@example.com", "a", "b").is_err());
    }
}
