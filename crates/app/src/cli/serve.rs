//! `tellonce serve`: the web server and the worker that runs what happens later.

use super::Where;
use super::open::open;
use crate::App;
use crate::access::oidc::{self, Providers};
use crate::config::{ApiLimits, Settings};
use crate::ports::ClamAv;
use clap::Args;
use jiff::civil::Date;
use std::net::{Ipv4Addr, SocketAddr};
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use url::Url;

#[derive(Debug, Args)]
pub struct Serve {
    #[command(flatten)]
    place: Where,
    /// Where to listen.
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// Let visitors pick one of the demo's people instead of typing a password.
    #[arg(long)]
    demo: bool,
    /// Serve over plain http on this machine: cookies are not marked Secure.
    #[arg(long)]
    insecure_cookies: bool,
    /// The mail server, such as smtps://name:password@mail.example:465. Without one, messages wait.
    #[arg(long, value_name = "URL", env = "TELLONCE_SMTP", hide_env_values = true, requires = "mail_from")]
    smtp: Option<String>,
    /// Who messages come from, such as "Alderbourne SEND <send@alderbourne.gov.uk>".
    #[arg(long, value_name = "ADDRESS", env = "TELLONCE_MAIL_FROM")]
    mail_from: Option<String>,
    /// A file that says how GOV.UK Notify carries texts and letters. Without one, texts wait and letters
    /// are printed here.
    #[arg(long, value_name = "FILE", env = "TELLONCE_NOTIFY")]
    notify: Option<PathBuf>,
    /// The address by which browsers reach this installation, such as https://send.alderbourne.gov.uk.
    #[arg(long, value_name = "URL", env = "TELLONCE_ADDRESS")]
    address: Option<String>,
    /// A file that names where people may sign in with an account that they have elsewhere.
    #[arg(long, value_name = "FILE", env = "TELLONCE_SIGN_IN")]
    sign_in: Option<PathBuf>,
    /// Fix the day, such as 2026-11-23: for demos and training.
    #[arg(long, value_name = "DATE")]
    today: Option<Date>,
    /// The virus checker, such as 127.0.0.1:3310 or unix:/run/clamav/clamd.ctl. Files that people send are
    /// then held unseen until it has checked them.
    #[arg(long, value_name = "ADDRESS", env = "TELLONCE_CLAMAV")]
    clamav: Option<ClamAv>,
    /// Let webhooks go to machines of this network too, also by plain http. Without it they go to the open
    /// internet only, by https. A demo sends them nowhere without it, and with it inside this network only.
    #[arg(long)]
    webhooks_inside: bool,
    #[command(flatten)]
    api: ApiFlags,
}

/// How much programs may ask for.
#[derive(Debug, Args)]
struct ApiFlags {
    /// Requests a minute for each token of the API.
    #[arg(long, value_name = "NUMBER", default_value_t = ApiLimits::default().per_token)]
    api_per_token: NonZeroU32,
    /// Requests a minute to the API for each address that comes without a token that works.
    #[arg(long, value_name = "NUMBER", default_value_t = ApiLimits::default().per_address)]
    api_per_address: NonZeroU32,
    /// Tokens that do not work, from one address in 15 minutes, before it has to wait.
    #[arg(long, value_name = "NUMBER", default_value_t = ApiLimits::default().tries)]
    api_tries: i64,
    /// Behind a proxy: take where clients come from out of the last entry of X-Forwarded-For.
    #[arg(long)]
    behind_proxy: bool,
}

impl From<ApiFlags> for ApiLimits {
    fn from(flags: ApiFlags) -> ApiLimits {
        ApiLimits {
            per_token: flags.api_per_token,
            per_address: flags.api_per_address,
            tries: flags.api_tries,
            behind_proxy: flags.behind_proxy,
        }
    }
}

impl Serve {
    pub(super) fn run(self) -> Result<ExitCode, String> {
        if let Some(address) = &self.address {
            check_address(address)?;
        }
        let providers = match &self.sign_in {
            Some(file) => Providers::read(file, self.demo)?,
            None => Providers::default(),
        };
        let settings = Settings {
            address: self.address,
            providers: Arc::new(providers),
            dir: self.place.dir.clone(),
            port: self.port,
            demo: self.demo,
            secure_cookies: !(self.insecure_cookies || self.demo),
            mail: self.smtp.zip(self.mail_from),
            notify: self.notify,
            today: self.today,
            api: self.api.into(),
            clamav: self.clamav,
            drawer: std::env::current_exe().ok(),
            webhooks_inside: self.webhooks_inside,
        };
        let app = open(&self.place, settings)?;
        oidc::check_areas(&app)?;
        serve(app)
    }
}

/// An address that browsers can be sent back to, without a path.
fn check_address(address: &str) -> Result<(), String> {
    let is_one = Url::parse(address)
        .is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.path() == "/" && url.query().is_none());
    if is_one { Ok(()) } else { Err(format!("--address `{address}` must look like https://send.example.gov.uk")) }
}

/// Serves until the process is told to stop; requests under way are finished.
pub(super) fn serve(app: App) -> Result<ExitCode, String> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|cause| format!("failed to start: {cause}"))?;
    runtime.block_on(async move {
        let address = SocketAddr::from((Ipv4Addr::UNSPECIFIED, app.settings.port));
        let listener = tokio::net::TcpListener::bind(address)
            .await
            .map_err(|cause| format!("failed to listen on port {}: {cause}", app.settings.port))?;
        let worker = tokio::spawn(crate::queue::work(app.clone()));
        println!("tellonce is at http://localhost:{}", app.settings.port);
        let service = crate::web::router(app).into_make_service_with_connect_info::<SocketAddr>();
        axum::serve(listener, service)
            .with_graceful_shutdown(stopped())
            .await
            .map_err(|cause| format!("failed to serve: {cause}"))?;
        worker.abort();
        Ok(ExitCode::SUCCESS)
    })
}

/// Ends when the process is asked to stop.
async fn stopped() {
    let interrupt = async {
        // Without a signal handler there is nothing to wait for: serve until killed.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending::<()>().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! {
        () = interrupt => {}
        () = terminate => {}
    }
}
