//! Stored files in a bucket that speaks S3: Amazon's, or one of the many that answer as it does.
//!
//! A file goes there in parts and has its name only once the last part is there. What is read is read in
//! ranges. The line is `ureq`, which the application has already: no second client, no second TLS.

use http_body_util::{BodyExt as _, Full};
use object_store::ClientOptions;
use object_store::aws::{AmazonS3, AmazonS3Builder};
use object_store::client::{
    HttpClient, HttpConnector, HttpError, HttpErrorKind, HttpRequest, HttpResponse, HttpResponseBody, HttpService,
};
use object_store::path::Path;
use object_store::{MultipartUpload as _, ObjectStore as _, ObjectStoreExt as _, PutPayload};
use std::future::Future;
use std::io::{Error, ErrorKind, Read};
use std::pin::Pin;
use std::sync::LazyLock;
use std::time::Duration;
use tokio::runtime::Runtime;
use ureq::Agent;
use ureq::tls::{RootCerts, TlsConfig};
use url::Url;

/// Bytes of a part on its way there, and of a range on its way back. Buckets take no parts under five
/// megabytes but the last.
pub(super) const PART_BYTES: usize = 8 * 1024 * 1024;
/// All of an exchange, from looking up the name to the last byte of a part.
const EXCHANGE: Duration = Duration::from_secs(120);
/// Most bytes of an answer: a range, or a list in XML.
const ANSWER_BYTES_MAX: u64 = 2 * PART_BYTES as u64;

/// Where a bucket is and who asks it.
#[derive(Debug, Clone, Default)]
pub struct BucketAddress {
    /// `s3://bucket` or `s3://bucket/folder`.
    pub url: String,
    /// Of a bucket that is not Amazon's, such as `https://objects.alderbourne.gov.uk`.
    pub endpoint: Option<String>,
    pub region: Option<String>,
    /// The name and the secret of who asks. Without them, those of the machine.
    pub key: Option<(String, String)>,
}

/// A bucket. What it does blocks: call it off the async threads.
#[derive(Debug)]
pub(super) struct Bucket {
    store: AmazonS3,
    folder: Path,
}

/// Its own, since it is asked by threads that may block and by commands that have no other.
static RUNTIME: LazyLock<Result<Runtime, Error>> =
    LazyLock::new(|| tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build());

fn wait<T>(work: impl Future<Output = object_store::Result<T>>) -> Result<T, Error> {
    let runtime = RUNTIME.as_ref().map_err(|cause| Error::new(cause.kind(), cause.to_string()))?;
    runtime.block_on(work).map_err(|cause| match cause {
        object_store::Error::NotFound { .. } => Error::new(ErrorKind::NotFound, cause),
        other => Error::other(other),
    })
}

impl Bucket {
    /// # Errors
    /// In words for whoever runs the installation, when the address cannot be one.
    pub fn open(address: &BucketAddress) -> Result<Bucket, String> {
        let wrong = || format!("`{}` must look like s3://bucket or s3://bucket/folder", address.url);
        let url = Url::parse(&address.url).map_err(|_| wrong())?;
        let name = url.host_str().filter(|_| url.scheme() == "s3").ok_or_else(wrong)?;
        let mut builder = AmazonS3Builder::new()
            .with_http_connector(Line)
            .with_bucket_name(name)
            .with_region(address.region.as_deref().unwrap_or("eu-west-2"));
        if let Some(endpoint) = &address.endpoint {
            builder = builder.with_endpoint(endpoint).with_allow_http(endpoint.starts_with("http://"));
        }
        if let Some((name, secret)) = &address.key {
            builder = builder.with_access_key_id(name).with_secret_access_key(secret);
        }
        let store = builder.build().map_err(|cause| format!("the bucket cannot be used: {cause}"))?;
        Ok(Bucket { store, folder: Path::from(url.path()) })
    }

    fn path(&self, fingerprint: &str) -> Path {
        // The same two letters as in a folder, so that one can be copied to the other.
        self.folder.clone().join(fingerprint.get(..2).unwrap_or("00")).join(fingerprint)
    }

    pub fn holds(&self, fingerprint: &str) -> Result<bool, Error> {
        match self.length(fingerprint) {
            Ok(_) => Ok(true),
            Err(cause) if cause.kind() == ErrorKind::NotFound => Ok(false),
            Err(cause) => Err(cause),
        }
    }

    pub fn length(&self, fingerprint: &str) -> Result<u64, Error> {
        Ok(wait(self.store.head(&self.path(fingerprint)))?.size)
    }

    /// Stores what `file` holds, one part in memory at a time. What breaks off leaves nothing under the
    /// name.
    pub fn put(&self, fingerprint: &str, file: &mut dyn Read) -> Result<(), Error> {
        let path = self.path(fingerprint);
        let first = part(file)?;
        if first.len() < PART_BYTES {
            return wait(self.store.put(&path, PutPayload::from(first))).map(|_| ());
        }
        let mut parts = wait(self.store.put_multipart(&path))?;
        let sent = (|| {
            let mut next = first;
            while !next.is_empty() {
                wait(parts.put_part(PutPayload::from(next)))?;
                next = part(file)?;
            }
            wait(parts.complete()).map(|_| ())
        })();
        if sent.is_err() {
            // What is not taken back is deleted by the bucket's own rule for unfinished uploads.
            let _ = wait(parts.abort());
        }
        sent
    }

    /// Bytes from `first` on, at most `count` of them.
    pub fn range(&self, fingerprint: &str, first: u64, count: u64) -> Result<Vec<u8>, Error> {
        let range = first..first + count;
        Ok(wait(self.store.get_ranges(&self.path(fingerprint), &[range]))?.into_iter().flatten().collect())
    }
}

/// The next part of a file: whole unless it is the last.
fn part(file: &mut dyn Read) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::with_capacity(PART_BYTES);
    file.take(PART_BYTES as u64).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The way to a bucket.
#[derive(Debug)]
struct Line;

impl HttpConnector for Line {
    fn connect(&self, _options: &ClientOptions) -> object_store::Result<HttpClient> {
        let agent: Agent = Agent::config_builder()
            .timeout_global(Some(EXCHANGE))
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .tls_config(TlsConfig::builder().root_certs(RootCerts::PlatformVerifier).build())
            .build()
            .into();
        Ok(HttpClient::new(Caller { agent }))
    }
}

#[derive(Debug)]
struct Caller {
    agent: Agent,
}

type Answer<'a> = Pin<Box<dyn Future<Output = Result<HttpResponse, HttpError>> + Send + 'a>>;

impl HttpService for Caller {
    fn call<'a, 'b>(&'a self, request: HttpRequest) -> Answer<'b>
    where
        'a: 'b,
        Self: 'b,
    {
        Box::pin(async move {
            let (parts, body) = request.into_parts();
            let body = body.collect().await?.to_bytes();
            let agent = self.agent.clone();
            let asked = tokio::task::spawn_blocking(move || exchange(&agent, parts, &body)).await;
            asked.map_err(|join| HttpError::new(HttpErrorKind::Unknown, join))?
        })
    }
}

fn exchange(agent: &Agent, parts: axum::http::request::Parts, body: &[u8]) -> Result<HttpResponse, HttpError> {
    use axum::http::{Method, Request};
    let has_body = matches!(parts.method, Method::PUT | Method::POST);
    let answer =
        if has_body { agent.run(Request::from_parts(parts, body)) } else { agent.run(Request::from_parts(parts, ())) };
    let (parts, mut body) = answer.map_err(broken)?.into_parts();
    let bytes = body.with_config().limit(ANSWER_BYTES_MAX).read_to_vec().map_err(broken)?;
    let body = Full::new(axum::body::Bytes::from(bytes)).map_err(|never| match never {});
    Ok(HttpResponse::from_parts(parts, HttpResponseBody::new(body)))
}

/// What is tried again, and what is not.
fn broken(cause: ureq::Error) -> HttpError {
    let kind = match &cause {
        ureq::Error::Timeout(_) => HttpErrorKind::Timeout,
        ureq::Error::HostNotFound | ureq::Error::ConnectionFailed => HttpErrorKind::Connect,
        ureq::Error::Io(_) => HttpErrorKind::Interrupted,
        _ => HttpErrorKind::Unknown,
    };
    HttpError::new(kind, cause)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_a_bucket_and_may_name_a_folder() {
        let open = |url: &str| Bucket::open(&BucketAddress { url: url.to_owned(), ..BucketAddress::default() });
        let path = |url: &str| open(url).expect("it is one").path("abcdef").to_string();
        assert_eq!(path("s3://papers"), "ab/abcdef");
        assert_eq!(path("s3://papers/alderbourne/send"), "alderbourne/send/ab/abcdef");
        for wrong in ["", "papers", "https://papers.example", "s3:papers", "s3://"] {
            assert!(open(wrong).is_err(), "{wrong}");
        }
    }
}
