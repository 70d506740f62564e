//! A provider of OpenID Connect on this machine, which says what a test tells it to say, right or
//! wrong. Its keys are made for the test.

use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::{get, post};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};

/// A key pair of ES256 under a name.
#[derive(Clone)]
pub struct Signer {
    pub id: String,
    pub der: Vec<u8>,
    pub public: Vec<u8>,
}

impl Signer {
    pub fn new(id: &str) -> Signer {
        let random = SystemRandom::new();
        let der = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).expect("a key is made");
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, der.as_ref(), &random);
        let public = pair.expect("the key can be read").public_key().as_ref().to_vec();
        Signer { id: id.into(), der: der.as_ref().to_vec(), public }
    }

    pub fn pem(&self) -> String {
        format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", STANDARD.encode(&self.der))
    }

    pub fn jwk(&self) -> Value {
        let part = |from: usize| URL_SAFE_NO_PAD.encode(&self.public[from..from + 32]);
        json!({ "kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": self.id, "x": part(1), "y": part(33) })
    }

    pub fn sign(&self, claims: &Value) -> String {
        self.sign_as(&self.id, claims)
    }

    /// Signs and says that another key did.
    pub fn sign_as(&self, id: &str, claims: &Value) -> String {
        let mut header = Header::new(Algorithm::ES256);
        header.kid = Some(id.into());
        jsonwebtoken::encode(&header, claims, &EncodingKey::from_ec_der(&self.der)).expect("claims can be signed")
    }
}

/// What the provider says, and what it was asked.
#[derive(Default)]
pub struct Said {
    pub keys: Vec<Value>,
    pub token: (u16, Value),
    pub userinfo: Value,
    pub did: Value,
    pub keys_asked: usize,
    pub form: String,
    pub authorization: String,
}

pub struct MockProvider {
    pub address: String,
    pub said: Arc<Mutex<Said>>,
    _runtime: tokio::runtime::Runtime,
}

impl MockProvider {
    pub fn start() -> MockProvider {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .expect("a runtime starts");
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).expect("there is a free port");
        let port = listener.local_addr().expect("it has an address").port();
        let address = format!("http://localhost:{port}");
        let said = Arc::new(Mutex::new(Said::default()));
        let router = router(&address, &said);
        runtime.spawn(async move { axum::serve(listener, router).await });
        MockProvider { address, said, _runtime: runtime }
    }

    pub fn say(&self, change: impl FnOnce(&mut Said)) {
        change(&mut self.said.lock().expect("nobody panicked"));
    }

    /// `did:web` of this provider.
    pub fn did(&self) -> String {
        format!("did:web:{}", self.address.trim_start_matches("http://").replace(':', "%3A"))
    }
}

fn router(address: &str, said: &Arc<Mutex<Said>>) -> Router {
    let metadata = json!({
        "issuer": address,
        "authorization_endpoint": format!("{address}/authorize"),
        "token_endpoint": format!("{address}/token"),
        "jwks_uri": format!("{address}/jwks"),
        "userinfo_endpoint": format!("{address}/userinfo"),
        "end_session_endpoint": format!("{address}/logout"),
    });
    let answer = |said: &Arc<Mutex<Said>>, read: fn(&mut Said) -> Value| {
        let said = said.clone();
        get(move || async move { axum::Json(read(&mut said.lock().expect("nobody panicked"))) })
    };
    let token = {
        let said = said.clone();
        post(move |headers: HeaderMap, body: Bytes| async move {
            let mut said = said.lock().expect("nobody panicked");
            said.form = String::from_utf8_lossy(&body).into_owned();
            let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
            said.authorization = given.unwrap_or_default().to_owned();
            let (status, body) = said.token.clone();
            (StatusCode::from_u16(status).expect("a status"), axum::Json(body)).into_response()
        })
    };
    Router::new()
        .route("/.well-known/openid-configuration", get(move || async move { axum::Json(metadata) }))
        .route(
            "/jwks",
            answer(said, |said| {
                said.keys_asked += 1;
                json!({ "keys": said.keys })
            }),
        )
        .route("/token", token)
        .route("/userinfo", answer(said, |said| said.userinfo.clone()))
        .route("/did.json", answer(said, |said| said.did.clone()))
}
