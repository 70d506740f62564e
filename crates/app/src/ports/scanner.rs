//! Looking for viruses: ClamAV's daemon, by its INSTREAM command over TCP or a socket on this machine.

use std::fmt;
use std::io::{ErrorKind, Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::path::PathBuf;
use std::str::FromStr;
use std::time::{Duration, Instant};

/// How long the daemon has to take the line, and to take each piece of a file.
const CONNECT: Duration = Duration::from_secs(5);
const PIECE: Duration = Duration::from_secs(30);
/// How long a whole check may take: less than a job's lease.
const WHOLE: Duration = Duration::from_secs(240);
const PIECE_BYTES: usize = 64 * 1024;
/// Most bytes of an answer.
const ANSWER_BYTES_MAX: u64 = 4096;
/// Most characters of a virus's name.
const NAME_CHARS_MAX: usize = 200;

/// Where the daemon listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClamAv {
    Tcp(String),
    Unix(PathBuf),
}

/// What it says of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scanned {
    Clean,
    /// With the name of what was found.
    Found(String),
}

impl FromStr for ClamAv {
    type Err = String;

    /// `127.0.0.1:3310`, `tcp://clamav:3310`, `unix:/run/clamav/clamd.ctl` or the path alone.
    fn from_str(text: &str) -> Result<ClamAv, String> {
        let path = text.strip_prefix("unix:").unwrap_or(text);
        if path.starts_with('/') {
            return Ok(ClamAv::Unix(PathBuf::from(path)));
        }
        let host = text.strip_prefix("tcp://").unwrap_or(text);
        let is_one = host
            .rsplit_once(':')
            .is_some_and(|(name, port)| !name.is_empty() && !name.contains('/') && port.parse::<u16>().is_ok());
        if is_one {
            Ok(ClamAv::Tcp(host.to_owned()))
        } else {
            Err(format!("`{text}` must look like 127.0.0.1:3310 or unix:/run/clamav/clamd.ctl"))
        }
    }
}

impl fmt::Display for ClamAv {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ClamAv::Tcp(host) => f.write_str(host),
            ClamAv::Unix(path) => write!(f, "unix:{}", path.display()),
        }
    }
}

/// A line to the daemon.
trait Line: Read + Write {}
impl<T: Read + Write> Line for T {}

impl ClamAv {
    fn connect(&self) -> std::io::Result<Box<dyn Line>> {
        match self {
            ClamAv::Tcp(host) => {
                let mut last = std::io::Error::from(ErrorKind::NotFound);
                for address in host.to_socket_addrs()? {
                    match TcpStream::connect_timeout(&address, CONNECT) {
                        Ok(stream) => {
                            stream.set_write_timeout(Some(PIECE))?;
                            stream.set_read_timeout(Some(WHOLE))?;
                            return Ok(Box::new(stream));
                        }
                        Err(cause) => last = cause,
                    }
                }
                Err(last)
            }
            #[cfg(unix)]
            ClamAv::Unix(path) => {
                let stream = std::os::unix::net::UnixStream::connect(path)?;
                stream.set_write_timeout(Some(PIECE))?;
                stream.set_read_timeout(Some(WHOLE))?;
                Ok(Box::new(stream))
            }
            #[cfg(not(unix))]
            ClamAv::Unix(_) => Err(std::io::Error::from(ErrorKind::Unsupported)),
        }
    }

    /// Has a file checked. Only an answer that says so in full is "clean".
    ///
    /// # Errors
    /// In words for whoever runs the installation: the daemon is not there, too slow, hangs up, does
    /// not take files of this size, or says what is not understood.
    pub fn scan(&self, file: &mut dyn Read) -> Result<Scanned, String> {
        let began = Instant::now();
        let mut line = self.connect().map_err(|cause| format!("the virus checker at {self} is not there: {cause}"))?;
        let sent = send(line.as_mut(), file, began);
        if let Err(Sending::File(cause)) = &sent {
            return Err(format!("the file could not be read: {cause}"));
        }
        // It answers before the end when a file is too long for it, and hangs up.
        let mut answer = Vec::new();
        let heard = line.take(ANSWER_BYTES_MAX).read_to_end(&mut answer);
        match (parse(&answer), sent, heard) {
            (Ok(scanned), Ok(()), _) => Ok(scanned),
            (Err(said), _, _) if !answer.is_empty() => Err(said),
            (_, Err(Sending::Line(cause)), _) => Err(format!("the virus checker did not take the file: {cause}")),
            (_, _, Err(cause)) => Err(format!("the virus checker did not answer: {cause}")),
            _ => Err("the virus checker hung up without an answer".to_owned()),
        }
    }
}

enum Sending {
    File(std::io::Error),
    Line(std::io::Error),
}

fn send(line: &mut dyn Line, file: &mut dyn Read, began: Instant) -> Result<(), Sending> {
    line.write_all(b"zINSTREAM\0").map_err(Sending::Line)?;
    let mut piece = vec![0; PIECE_BYTES];
    loop {
        let length = file.read(&mut piece).map_err(Sending::File)?;
        if began.elapsed() > WHOLE {
            return Err(Sending::Line(std::io::Error::from(ErrorKind::TimedOut)));
        }
        let size = u32::try_from(length).unwrap_or_default().to_be_bytes();
        line.write_all(&size).and_then(|()| line.write_all(&piece[..length])).map_err(Sending::Line)?;
        // A piece of no bytes is the end.
        if length == 0 {
            return line.flush().map_err(Sending::Line);
        }
    }
}

/// Reads an answer: `stream: OK`, `stream: Win.Test.EICAR FOUND`, anything else is no answer.
fn parse(answer: &[u8]) -> Result<Scanned, String> {
    let text = String::from_utf8_lossy(answer);
    let text = text.trim_end_matches(['\0', '\n', '\r']);
    if text == "stream: OK" {
        return Ok(Scanned::Clean);
    }
    let clean = |text: &str| -> String { text.chars().filter(|c| !c.is_control()).take(NAME_CHARS_MAX).collect() };
    match text.strip_prefix("stream: ").and_then(|rest| rest.strip_suffix(" FOUND")) {
        Some(name) if !name.trim().is_empty() => Ok(Scanned::Found(clean(name))),
        _ => Err(format!("the virus checker said “{}”", clean(text))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::net::{Shutdown, TcpListener};

    #[test]
    fn an_address_is_a_host_with_a_port_or_a_path() {
        for (text, read) in [
            ("127.0.0.1:3310", "127.0.0.1:3310"),
            ("tcp://clamav:3310", "clamav:3310"),
            ("[::1]:3310", "[::1]:3310"),
            ("unix:/run/clamd.ctl", "unix:/run/clamd.ctl"),
            ("/run/clamd.ctl", "unix:/run/clamd.ctl"),
        ] {
            assert_eq!(text.parse::<ClamAv>().map(|address| address.to_string()), Ok(read.to_owned()));
        }
        for wrong in ["", "clamav", ":3310", "clamav:port", "http://clamav:3310", "unix:run/clamd", "clamav:99999"] {
            assert!(wrong.parse::<ClamAv>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn only_ok_is_clean() {
        assert_eq!(parse(b"stream: OK\0"), Ok(Scanned::Clean));
        assert_eq!(parse(b"stream: Win.Test.EICAR_HDB-1 FOUND\0"), Ok(Scanned::Found("Win.Test.EICAR_HDB-1".into())));
        for no_answer in [
            &b""[..],
            b"\0",
            b"OK",
            b"stream: ok",
            b"stream: OK FOUNDATION",
            b"stream:  FOUND\0",
            b"INSTREAM size limit exceeded. ERROR\0",
            b"stream: OK\0stream: OK\0",
            b"\xff\xfe",
        ] {
            assert!(parse(no_answer).is_err(), "{no_answer:?}");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_said_nothing_else_is_clean(answer in prop::collection::vec(any::<u8>(), 0..300)) {
            let is_ok = String::from_utf8_lossy(&answer).trim_end_matches(['\0', '\n', '\r']) == "stream: OK";
            prop_assert_eq!(parse(&answer) == Ok(Scanned::Clean), is_ok);
        }

        #[test]
        fn whatever_is_found_is_bounded_and_has_no_control_characters(name in ".{1,400}") {
            if let Ok(Scanned::Found(found)) = parse(format!("stream: {name} FOUND").as_bytes()) {
                prop_assert!(found.chars().count() <= NAME_CHARS_MAX && !found.chars().any(char::is_control));
            }
        }
    }

    /// A daemon that takes one file of at most `limit` bytes and says `answer`, or hangs up.
    fn daemon(limit: usize, answer: &'static [u8]) -> (ClamAv, std::thread::JoinHandle<usize>) {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let address = ClamAv::Tcp(listener.local_addr().expect("it has an address").to_string());
        let serving = std::thread::spawn(move || {
            let (mut line, _) = listener.accept().expect("somebody calls");
            let mut command = [0; 10];
            line.read_exact(&mut command).expect("a command");
            assert_eq!(&command, b"zINSTREAM\0");
            let mut taken = 0;
            loop {
                let mut size = [0; 4];
                line.read_exact(&mut size).expect("a size");
                let size = u32::from_be_bytes(size) as usize;
                if size == 0 {
                    break;
                }
                line.read_exact(&mut vec![0; size]).expect("a piece");
                taken += size;
                if taken > limit {
                    break;
                }
            }
            let _ = line.write_all(answer);
            let _ = line.shutdown(Shutdown::Write);
            // Whatever is still on its way is heard out, so that the answer is not lost to a reset.
            let _ = std::io::copy(&mut line, &mut std::io::sink());
            taken
        });
        (address, serving)
    }

    #[test]
    fn a_file_reaches_the_daemon_whole_and_its_answer_comes_back() {
        for (length, limit, answer, said) in [
            (0, usize::MAX, &b"stream: OK\0"[..], Ok(Scanned::Clean)),
            (200_000, usize::MAX, b"stream: OK\0", Ok(Scanned::Clean)),
            (10, usize::MAX, b"stream: Eicar FOUND\0", Ok(Scanned::Found("Eicar".into()))),
            (10, usize::MAX, b"lstat() failed. ERROR\0", Err("lstat() failed. ERROR")),
            (10, usize::MAX, b"", Err("hung up")),
            (9_000_000, 100_000, b"INSTREAM size limit exceeded. ERROR\0", Err("size limit exceeded")),
        ] {
            let (address, serving) = daemon(limit, answer);
            let file = vec![7; length];
            let heard = address.scan(&mut file.as_slice());
            let taken = serving.join().expect("the daemon ends");
            match said {
                Ok(said) => {
                    assert_eq!(heard, Ok(said));
                    assert_eq!(taken, length);
                }
                Err(words) => assert!(heard.as_ref().is_err_and(|error| error.contains(words)), "{words}: {heard:?}"),
            }
        }
    }

    #[test]
    fn a_daemon_that_is_not_there_is_said_to_be_gone() {
        let gone = ClamAv::Tcp("127.0.0.1:1".into()).scan(&mut &b"a"[..]);
        assert!(gone.as_ref().is_err_and(|error| error.contains("is not there")), "{gone:?}");
        assert!(ClamAv::Unix("/nonexistent/clamd.ctl".into()).scan(&mut &b"a"[..]).is_err());
    }
}
