//! Signing in with an account that people have elsewhere: who is let in, and that everything that
//! is wrong with an answer lets nobody in, tells nobody why, and is written down.

use crate::given;
use crate::html::Page;
use crate::provider::{MockProvider, Signer};
use crate::world::{Answer, World};
use app::access::oidc::Providers;
use app::ports::Clock;
use axum::body::Body;
use axum::http::{StatusCode, header};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use db::Database;
use db::testing::TestDatabase;
use jiff::SignedDuration;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};

const CLIENT: &str = "tellonce-test";
const CORE_IDENTITY: &str = "https://vocab.account.gov.uk/v1/coreIdentityJWT";
const ACCESS_TOKEN: &str = "an access token";

/// An area, a provider, and the keys of both.
struct Scene {
    world: World,
    mock: MockProvider,
    signer: Signer,
    identity: Signer,
    own: Signer,
}

/// A folder for one test's settings.
fn folder() -> std::path::PathBuf {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let name = format!("tellonce-oidc-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    let folder = std::env::temp_dir().join(name);
    std::fs::create_dir_all(&folder).expect("a folder can be made");
    folder
}

impl Scene {
    fn new(db: &TestDatabase) -> Scene {
        let mock = MockProvider::start();
        let (signer, own) = (Signer::new("first"), Signer::new("ours"));
        let identity = Signer::new(&format!("{}#identity", mock.did()));
        let folder = folder();
        let write = |name: &str, text: &str| std::fs::write(folder.join(name), text).expect("a file can be written");
        write("secret", "a secret & more\n");
        write("key.pem", &own.pem());
        let issuer = &mock.address;
        let one = |id: &str, kind: &str, more: &str| {
            format!(
                "[[provider]]\nid = \"{id}\"\nkind = \"{kind}\"\nname = \"The {id} account\"\nissuer = \"{issuer}\"\n\
                 client_id = \"{CLIENT}\"\narea = \"332\"\n{more}\n"
            )
        };
        let secret = "client_secret_file = \"secret\"";
        let did = format!("identity = {{ issuer = \"{issuer}/identity\", did = \"{issuer}/did.json\" }}");
        let key = "private_key_file = \"key.pem\"\nkey_id = \"ours\"";
        let file = [
            one("council", "entra", &format!("{secret}\ntrust_email = true")),
            one("schools", "dfe", secret),
            one("families", "one_login", &format!("{key}\nlevel = \"Cl.Cm.P2\"\n{did}")),
            one("other", "general", secret),
        ];
        write("sign-in.toml", &file.concat());
        let providers = Providers::read(&folder.join("sign-in.toml"), true).expect("the file can be read");
        std::fs::remove_dir_all(&folder).expect("the folder can be removed");
        let world = World::with_providers(Database::clone(db), true, providers);
        let did = json!({ "id": mock.did(), "assertionMethod": [
            { "type": "JsonWebKey", "id": identity.id, "controller": mock.did(), "publicKeyJwk": identity.jwk() },
        ] });
        mock.say(|said| {
            said.keys = vec![signer.jwk()];
            said.did = did;
        });
        Scene { world, mock, signer, identity, own }
    }

    fn now(&self) -> i64 {
        self.world.clock.now().as_second()
    }

    /// The right answer of a provider about somebody.
    fn right(&self, provider: &str, subject: &str, email: &str, nonce: &str) -> Given {
        let now = self.now();
        let claims = json!({
            "iss": self.mock.address, "aud": CLIENT, "sub": subject, "nonce": nonce, "iat": now, "exp": now + 300,
            "email": email, "email_verified": true, "sid": format!("session of {subject}"), "vot": "Cl.Cm",
            "at_hash": URL_SAFE_NO_PAD.encode(&Sha256::digest(ACCESS_TOKEN.as_bytes())[..16]),
        });
        let core = json!({
            "iss": format!("{}/identity", self.mock.address), "aud": CLIENT, "sub": subject, "iat": now,
            "nbf": now, "exp": now + 300, "vot": "P2",
            "vc": { "credentialSubject": { "name": [
                { "validUntil": "2020-01-01", "nameParts": [{ "type": "GivenName", "value": "Earlier" }] },
                { "nameParts": [
                    { "type": "GivenName", "value": "Bisi" }, { "type": "FamilyName", "value": "Adeyemi" }
                ] },
            ] } },
        });
        let mut userinfo = json!({ "sub": subject, "email": email, "email_verified": true });
        if provider == "schools" {
            userinfo["organisation"] = json!({ "id": "x", "urn": given::SCHOOL.to_string() });
        }
        Given { claims, core, userinfo, id_token: None, core_token: None, status: 200, query: BTreeMap::new() }
    }

    /// Sets out from a browser: its cookie, and what is asked of the provider.
    fn set_out(&self, provider: &str) -> (String, BTreeMap<String, String>) {
        let answer = self.world.visitor().get(&format!("/sign-in/with/{provider}"));
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
        let (address, query) = answer.location().split_once('?').expect("there is a query");
        assert_eq!(address, format!("{}/authorize", self.mock.address));
        let cookie = answer.header(header::SET_COOKIE);
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
        let cookie = cookie.split(';').next().expect("a cookie").to_owned();
        (cookie, form_urlencoded::parse(query.as_bytes()).into_owned().collect())
    }

    fn come_back(&self, provider: &str, cookie: &str, query: &BTreeMap<String, String>) -> Answer {
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(query).finish();
        let path = format!("/sign-in/with/{provider}/back?{query}");
        let visitor = self.world.visitor();
        let request = visitor.request("GET", &path).header(header::COOKIE, cookie);
        self.world.send(request.body(Body::empty()).expect("the address is one"))
    }

    /// Signs in as the provider would have it, after `change` put something wrong or different.
    fn walk(&self, provider: &str, subject: &str, email: &str, change: impl FnOnce(&Scene, &mut Given)) -> Answer {
        self.walk_with("", provider, subject, email, change)
    }

    /// The same in a browser that has another cookie too.
    fn walk_with(
        &self,
        more: &str,
        provider: &str,
        subject: &str,
        email: &str,
        change: impl FnOnce(&Scene, &mut Given),
    ) -> Answer {
        let (cookie, asked) = self.set_out(provider);
        let mut given = self.right(provider, subject, email, &asked["nonce"]);
        given.query.insert("code".into(), "a code".into());
        given.query.insert("state".into(), asked["state"].clone());
        change(self, &mut given);
        let id_token = given.id_token.unwrap_or_else(|| self.signer.sign(&given.claims));
        let core = given.core_token.unwrap_or_else(|| self.identity.sign(&given.core));
        if given.userinfo[CORE_IDENTITY].is_null() {
            given.userinfo[CORE_IDENTITY] = json!(core);
        }
        self.mock.say(|said| {
            said.token = (given.status, json!({ "access_token": ACCESS_TOKEN, "id_token": id_token }));
            said.userinfo = given.userinfo;
        });
        self.come_back(provider, &format!("{cookie}{more}"), &given.query)
    }

    /// The latest line of the record: what happened, why, and its reference number.
    fn latest(&self) -> (String, String, String) {
        const LATEST: &str =
            "SELECT outcome, reason, reference FROM sign_in_events ORDER BY happened_at DESC, event_id DESC LIMIT 1";
        let read = |tx: &mut dyn db::Tx| -> Result<_, app::Error> {
            let row = tx.query_one(LATEST, &[])?;
            let reason: Option<String> = row.get(1)?;
            Ok((row.get(0)?, reason.unwrap_or_default(), row.get(2)?))
        };
        self.world.app.db.read("test.event", read).expect("something happened")
    }

    fn count(&self, sql: &'static str) -> i64 {
        let read = |tx: &mut dyn db::Tx| -> Result<i64, app::Error> { Ok(tx.query_one(sql, &[])?.get(0)?) };
        self.world.app.db.read("test.count", read).expect("the database answers")
    }

    fn sessions(&self) -> i64 {
        self.count("SELECT COUNT(*) FROM sessions")
    }

    /// Nobody is in, the page is plain, and the record says why.
    fn is_refused(&self, answer: &Answer, reason: &str, what: &str) {
        let text = answer.text();
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{what}: {text}");
        assert!(!answer.header(header::SET_COOKIE).contains("tellonce="), "{what}");
        let (_, noted, reference) = self.latest();
        assert_eq!(noted, reason, "{what}");
        assert!(text.contains(&reference) && !text.contains(reason), "{what}: {text}");
        for told in ["eyJ", "nonce", "signature", "audience", "issuer"] {
            assert!(!text.contains(told), "{what} tells of {told}: {text}");
        }
        assert_eq!(Page::read(&text).faults(), Vec::<String>::new(), "{what}");
    }
}

/// What a provider answers.
struct Given {
    claims: Value,
    core: Value,
    userinfo: Value,
    id_token: Option<String>,
    core_token: Option<String>,
    status: u16,
    query: BTreeMap<String, String>,
}

fn nothing(_: &Scene, _: &mut Given) {}

pub fn people_sign_in(db: &TestDatabase) {
    let scene = Scene::new(db);
    let page = scene.world.visitor().get("/sign-in").text();
    for said in ["Sign in with The council account", "If you work at a school or college", "sign in with a passkey"] {
        assert!(page.contains(said), "{said}: {page}");
    }

    // What is asked of each.
    let (_, asked) = scene.set_out("families");
    assert_eq!(asked["vtr"], "[\"Cl.Cm.P2\"]");
    assert_eq!(asked["scope"], "openid email");
    assert!(asked["claims"].contains(CORE_IDENTITY));
    let (_, asked) = scene.set_out("schools");
    assert_eq!(asked["scope"], "openid profile email organisation");
    assert_eq!((asked["code_challenge_method"].as_str(), asked["response_type"].as_str()), ("S256", "code"));
    assert_eq!(asked["redirect_uri"], "http://localhost:8080/sign-in/with/schools/back");

    // Each comes in where their work begins, the second time without an address.
    for (provider, email, home) in [
        ("council", "manager@alderbourne.example", "/today"),
        ("schools", "setting@alderbourne.example", "/children"),
        ("families", "parent@alderbourne.example", "/family"),
        ("other", "auditor@alderbourne.example", "/children"),
    ] {
        let subject = format!("subject of {email}");
        let first = scene.walk(provider, &subject, email, nothing);
        assert_eq!((first.status, first.location()), (StatusCode::SEE_OTHER, home), "{provider}: {}", first.text());
        let browser = scene.world.visitor().signed_in_with(&first);
        assert_eq!(browser.get(home).status, StatusCode::OK);
        let again = scene.walk(provider, &subject, "changed@elsewhere.example", nothing);
        assert_eq!(again.location(), home, "{provider}: {}", again.text());
        let place = browser.get("/account/sign-in").text();
        assert!(place.contains(&format!("with The {provider} account")), "{place}");
    }
    // Whoever asked for a page first is led back to it, through the provider and back.
    let wish = crate::sign_in::wish(&scene.world, "/children?q=Marsh");
    let manager = ("council", "subject of manager@alderbourne.example", "manager@alderbourne.example");
    let back = scene.walk_with(&format!("; {wish}"), manager.0, manager.1, manager.2, nothing);
    assert_eq!(back.location(), "/children?q=Marsh", "{}", back.text());
    // Neither a subject nor a token can be read in the database.
    assert_eq!(scene.count("SELECT COUNT(*) FROM sign_in_links"), 4);

    // How we prove who we are: a secret in the header, or a signed assertion.
    let form = |scene: &Scene| -> BTreeMap<String, String> {
        let said = scene.mock.said.lock().expect("nobody panicked");
        form_urlencoded::parse(said.form.as_bytes()).into_owned().collect()
    };
    scene.walk("council", "x", "manager@alderbourne.example", nothing);
    let basic = scene.mock.said.lock().expect("nobody panicked").authorization.clone();
    assert!(basic.starts_with("Basic "), "{basic}");
    assert!(form(&scene)["code_verifier"].len() >= 43);
    scene.walk("families", "subject of parent@alderbourne.example", "", nothing);
    let assertion = form(&scene)["client_assertion"].clone();
    let mut validation = jsonwebtoken::Validation::new(Algorithm::ES256);
    validation.set_audience(&[format!("{}/token", scene.mock.address)]);
    validation.validate_exp = false;
    let key = jsonwebtoken::DecodingKey::from_ec_der(&scene.own.public);
    let claims = jsonwebtoken::decode::<Value>(&assertion, &key, &validation).expect("it is signed by us");
    assert_eq!(claims.header.kid.as_deref(), Some("ours"));
    assert_eq!((claims.claims["iss"].as_str(), claims.claims["sub"].as_str()), (Some(CLIENT), Some(CLIENT)));

    // The record has a line for each, and only administrators read it.
    let administrator = scene.world.browser("administrator@");
    let text = administrator.get("/sign-ins?words=manager%40&outcome=linked").text();
    assert!(text.contains("Account linked") && text.contains("1 line"), "{text}");
    assert_eq!(scene.world.browser("manager@").get("/sign-ins").status, StatusCode::FORBIDDEN);
}

type Change = fn(&Scene, &mut Given);

pub fn nobody_else_is_let_in(db: &TestDatabase) {
    let scene = Scene::new(db);
    let (email, subject) = ("parent@alderbourne.example", "her subject");
    let wrong: &[(&str, &str, Change)] = &[
        ("id_token.wrong_issuer", "another issuer", |_, g| g.claims["iss"] = json!("https://evil.example")),
        ("id_token.wrong_audience", "another client", |_, g| g.claims["aud"] = json!("somebody")),
        ("id_token.wrong_audience", "several audiences and no azp", |_, g| g.claims["aud"] = json!([CLIENT, "x"])),
        ("id_token.wrong_audience", "another azp", |_, g| g.claims["azp"] = json!("x")),
        ("id_token.wrong_nonce", "another nonce", |_, g| g.claims["nonce"] = json!("0")),
        ("id_token.wrong_nonce", "no nonce", |_, g| g.claims["nonce"] = Value::Null),
        ("id_token.expired", "expired", |s, g| g.claims["exp"] = json!(s.now() - 61)),
        ("id_token.missing", "never expires", |_, g| g.claims["exp"] = Value::Null),
        ("id_token.not_yet_valid", "from tomorrow", |s, g| g.claims["nbf"] = json!(s.now() + 61)),
        ("id_token.not_yet_valid", "made tomorrow", |s, g| g.claims["iat"] = json!(s.now() + 61)),
        ("id_token.unreadable", "a time that is text", |_, g| g.claims["exp"] = json!("soon")),
        ("id_token.unreadable", "no subject", |_, g| g.claims["sub"] = json!("")),
        ("id_token.unreadable", "no token at all", |_, g| g.id_token = Some("nonsense".into())),
        ("id_token.wrong_access_token", "another access token", |_, g| g.claims["at_hash"] = json!("AAAA")),
        ("id_token.wrong_algorithm", "alg none", |_, g| g.id_token = Some(unsigned(&g.claims))),
        ("id_token.wrong_algorithm", "the public key as a secret", |s, g| {
            g.id_token = Some(with_public_key_as_secret(&s.signer, &g.claims));
        }),
        ("id_token.unknown_key", "a key of somebody else", |_, g| {
            g.id_token = Some(Signer::new("other").sign(&g.claims));
        }),
        ("id_token.wrong_signature", "a key of somebody else under a known name", |_, g| {
            g.id_token = Some(Signer::new("other").sign_as("first", &g.claims));
        }),
        ("id_token.wrong_signature", "changed on its way", |s, g| g.id_token = Some(tampered(&s.signer, &g.claims))),
        ("id_token.level_too_low", "signed in with less than asked", |_, g| g.claims["vot"] = json!("Cl")),
        ("id_token.level_too_low", "does not say how they signed in", |_, g| g.claims["vot"] = Value::Null),
        ("userinfo.other_subject", "details of another person", |_, g| g.userinfo["sub"] = json!("another")),
        ("core_identity.missing", "no proof of identity", |_, g| g.userinfo[CORE_IDENTITY] = json!(7)),
        ("core_identity.level_too_low", "identity not checked", |_, g| g.core["vot"] = json!("P1")),
        ("core_identity.level_too_low", "no level of identity", |_, g| g.core["vot"] = Value::Null),
        ("core_identity.other_subject", "identity of another", |_, g| g.core["sub"] = json!("another")),
        ("core_identity.wrong_issuer", "identity by another", |s, g| g.core["iss"] = json!(s.mock.address)),
        ("core_identity.wrong_audience", "identity for another", |_, g| g.core["aud"] = json!("somebody")),
        ("core_identity.expired", "identity expired", |s, g| g.core["exp"] = json!(s.now() - 61)),
        ("core_identity.wrong_signature", "identity by a wrong key", |s, g| {
            g.core_token = Some(Signer::new("x").sign_as(&s.identity.id, &g.core));
        }),
        ("core_identity.unknown_key", "identity by the key of the ID token", |s, g| {
            g.core_token = Some(s.signer.sign(&g.core));
        }),
        ("way.code_refused", "a code that was used", |_, g| g.status = 400),
        ("way.refused_there", "given up at the provider", |_, g| {
            g.query.remove("code");
            g.query.insert("error".into(), "access_denied".into());
        }),
        ("way.provider_differs", "answered by another provider", |_, g| {
            g.query.insert("iss".into(), "https://evil.example".into());
        }),
        ("way.state_unknown", "a state that nobody set out with", |_, g| {
            g.query.insert("state".into(), "0".repeat(64));
        }),
        ("way.state_unknown", "no state", |_, g| {
            g.query.remove("state");
        }),
    ];
    for (reason, what, change) in wrong {
        let answer = scene.walk("families", subject, email, change);
        scene.is_refused(&answer, reason, what);
    }
    assert_eq!(scene.sessions(), 0);
    assert_eq!(scene.count("SELECT COUNT(*) FROM sign_in_links"), 0);

    // Of several keys only the named one is tried: after a wrong name the right one still works.
    let first = scene.walk("families", subject, email, nothing);
    assert_eq!(first.location(), "/family", "{}", first.text());

    // A state is good once, in one browser, for ten minutes.
    let (cookie, asked) = scene.set_out("families");
    let query: BTreeMap<String, String> =
        [("code".to_owned(), "a code".to_owned()), ("state".to_owned(), asked["state"].clone())].into();
    let (other, _) = scene.set_out("families");
    let elsewhere = scene.come_back("families", &other, &query);
    scene.is_refused(&elsewhere, "way.state_unknown", "in another browser");
    let elsewhere = scene.come_back("council", &cookie, &query);
    scene.is_refused(&elsewhere, "way.state_unknown", "at another provider");
    let given = scene.right("families", subject, email, &asked["nonce"]);
    let id_token = scene.signer.sign(&given.claims);
    scene.mock.say(|said| said.token = (200, json!({ "access_token": ACCESS_TOKEN, "id_token": id_token })));
    assert_eq!(scene.come_back("families", &cookie, &query).location(), "/family");
    let sessions = scene.sessions();
    let replayed = scene.come_back("families", &cookie, &query);
    scene.is_refused(&replayed, "way.state_unknown", "used before");
    let (cookie, asked) = scene.set_out("families");
    let query: BTreeMap<String, String> =
        [("code".to_owned(), "a code".to_owned()), ("state".to_owned(), asked["state"].clone())].into();
    scene.world.clock.advance(SignedDuration::from_mins(10));
    let late = scene.come_back("families", &cookie, &query);
    scene.is_refused(&late, "way.state_unknown", "after ten minutes");
    assert_eq!(scene.sessions(), sessions);

    // A provider that is broken is said to be away.
    scene.mock.say(|said| said.token = (500, json!({})));
    let (cookie, asked) = scene.set_out("families");
    let query: BTreeMap<String, String> =
        [("code".to_owned(), "a code".to_owned()), ("state".to_owned(), asked["state"].clone())].into();
    let away = scene.come_back("families", &cookie, &query);
    assert_eq!(away.status, StatusCode::BAD_GATEWAY, "{}", away.text());
    assert_eq!(scene.latest().1, "way.provider_away");

    // An administrator finds each by its reference number, in words.
    let (_, _, reference) = scene.latest();
    let text = scene.world.browser("administrator@").get(&format!("/sign-ins?words={reference}")).text();
    assert!(text.contains("1 line") && text.contains("could not be reached"), "{text}");
    // A flood of nonsense is turned away like one try, and does not fill the database.
    for _ in 0..500 {
        assert_eq!(scene.come_back("families", &cookie, &query).status, StatusCode::FORBIDDEN);
    }
    assert_eq!(scene.count("SELECT COUNT(*) FROM sign_in_events WHERE user_id IS NULL"), 500);
    for path in ["/sign-in/with/nobody", "/sign-in/with/nobody/back?state=x"] {
        assert_eq!(scene.world.visitor().get(path).status, StatusCode::NOT_FOUND);
    }
}

fn unsigned(claims: &Value) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}.", part(&json!({ "alg": "none", "kid": "first" })), part(claims))
}

fn with_public_key_as_secret(signer: &Signer, claims: &Value) -> String {
    let mut header = Header::new(Algorithm::HS256);
    header.kid = Some(signer.id.clone());
    jsonwebtoken::encode(&header, claims, &EncodingKey::from_secret(&signer.public)).expect("claims can be signed")
}

fn tampered(signer: &Signer, claims: &Value) -> String {
    let mut changed = claims.clone();
    changed["email"] = json!("administrator@alderbourne.example");
    let (right, wrong) = (signer.sign(claims), signer.sign(&changed));
    let payload = wrong.split('.').nth(1).expect("three parts").to_owned();
    let mut parts: Vec<&str> = right.split('.').collect();
    parts[1] = &payload;
    parts.join(".")
}

pub fn only_people_who_are_known(db: &TestDatabase) {
    let scene = Scene::new(db);
    let unverified: Change = |_, g| {
        g.claims["email_verified"] = json!(false);
        g.userinfo["email_verified"] = json!(false);
    };
    let other_school: Change = |_, g| g.userinfo["organisation"]["urn"] = json!("100009");
    let no_school: Change = |_, g| g.userinfo["organisation"] = json!({ "id": "x", "urn": null });
    let administrator: Change = |_, g| g.claims["roles"] = json!(["administrator"]);
    for (provider, email, change, reason) in [
        ("council", "nobody@alderbourne.example", nothing as Change, "access.nobody_here"),
        ("council", "officer@brackenford.example", nothing, "access.nobody_here"),
        ("council", "parent@alderbourne.example", nothing, "access.role_differs"),
        ("other", "manager@alderbourne.example", unverified, "access.address_not_verified"),
        ("schools", "manager@alderbourne.example", nothing, "access.role_differs"),
        ("schools", "setting@alderbourne.example", other_school, "access.organisation_differs"),
        ("schools", "setting@alderbourne.example", no_school, "access.organisation_differs"),
        ("families", "manager@alderbourne.example", nothing, "access.role_differs"),
        ("families", "officer@brackenford.example", nothing, "access.nobody_here"),
        ("families", "new@example.com", unverified, "access.address_not_verified"),
    ] {
        let answer = scene.walk(provider, &format!("{email} {reason}"), email, change);
        scene.is_refused(&answer, reason, &format!("{provider}, {email}"));
        assert!(answer.text().contains("You have no account here yet"), "{}", answer.text());
    }
    assert_eq!((scene.sessions(), scene.count("SELECT COUNT(*) FROM sign_in_links")), (0, 0));

    // Whatever a token says of a role, the role is the one here.
    let answer = scene.walk("council", "m", "manager@alderbourne.example", administrator);
    let browser = scene.world.visitor().signed_in_with(&answer);
    assert_eq!(browser.get("/sign-ins").status, StatusCode::FORBIDDEN);
    // The address is another person's now: the link stays with the first.
    let answer = scene.walk("council", "n", "manager@alderbourne.example", nothing);
    scene.is_refused(&answer, "access.linked_to_another", "a second account for one person");

    // A school that moved on at DfE Sign-in is out the next time.
    let setting = "setting@alderbourne.example";
    assert_eq!(scene.walk("schools", "s", setting, nothing).status, StatusCode::SEE_OTHER);
    let answer = scene.walk("schools", "s", setting, other_school);
    scene.is_refused(&answer, "access.organisation_differs", "another school the second time");

    // Somebody who left is out, with every session.
    let before = scene.sessions();
    let manager = scene.world.person("manager@").actor.clone();
    scene.world.write(|tx| app::access::let_go(tx, &scene.world.app, manager.authority, manager.user));
    assert_eq!(scene.sessions(), before - 1);
    assert_eq!(browser.get("/today").location(), "/sign-in?then=%2Ftoday");
    let answer = scene.walk("council", "m", "manager@alderbourne.example", nothing);
    scene.is_refused(&answer, "access.left", "somebody who left");

    // A family that is not known gets an account that follows nobody.
    let answer = scene.walk("families", "new", "new@example.com", nothing);
    assert_eq!(answer.location(), "/family", "{}", answer.text());
    let browser = scene.world.visitor().signed_in_with(&answer);
    let text = browser.get("/family").text();
    assert!(text.contains("no child here that you follow") && text.contains("Bisi Adeyemi"), "{text}");
    // With the code of a request they follow it.
    let form = crate::ask::sent(&scene.world.visitor());
    let page = browser.get(&format!("{form}/account")).text();
    assert!(page.contains("Follow it as Bisi Adeyemi"), "{page}");
    assert_eq!(browser.post(&format!("{form}/account/own"), &[]).status, StatusCode::FORBIDDEN, "only our form");
    let followed = browser.submit(&format!("{form}/account/own"), &[]);
    assert_eq!(followed.location(), "/family", "{}", followed.text());
    assert!(browser.get("/family").text().contains("Sami Okafor"));
    let officer = scene.world.browser("dev@");
    assert_eq!(officer.submit(&format!("{form}/account/own"), &[]).status, StatusCode::UNPROCESSABLE_ENTITY);
}

pub fn keys_may_change(db: &TestDatabase) {
    let mut scene = Scene::new(db);
    let asked = |scene: &Scene| scene.mock.said.lock().expect("nobody panicked").keys_asked;
    let (email, subject) = ("manager@alderbourne.example", "m");
    assert_eq!(scene.walk("council", subject, email, nothing).status, StatusCode::SEE_OTHER);
    assert_eq!(scene.walk("council", subject, email, nothing).status, StatusCode::SEE_OTHER);
    assert_eq!(asked(&scene), 1, "keys are kept");

    // The provider changes its key within the minute, then a flood of unknown names comes.
    scene.signer = Signer::new("second");
    let second = scene.signer.jwk();
    scene.mock.say(|said| said.keys = vec![json!({ "kty": "oct", "k": "AAAA" }), second]);
    for _ in 0..3 {
        let answer = scene.walk("council", subject, email, nothing);
        scene.is_refused(&answer, "id_token.unknown_key", "within the minute");
    }
    assert_eq!(asked(&scene), 1);
    scene.world.clock.advance(SignedDuration::from_secs(61));
    let answer = scene.walk("council", subject, email, nothing);
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "without a restart: {}", answer.text());
    assert_eq!(asked(&scene), 2);
    for _ in 0..3 {
        let unknown: Change = |_, g| g.id_token = Some(Signer::new("none").sign(&g.claims));
        let answer = scene.walk("council", subject, email, unknown);
        scene.is_refused(&answer, "id_token.unknown_key", "a flood");
    }
    assert_eq!(asked(&scene), 2, "at most once a minute");
}

pub fn signing_out(db: &TestDatabase) {
    let scene = Scene::new(db);
    let (email, subject) = ("manager@alderbourne.example", "m");
    let answer = scene.walk("council", subject, email, nothing);
    let browser = scene.world.visitor().signed_in_with(&answer);
    // What is shown at the provider when leaving cannot be read in the database.
    let sealed = scene.world.app.db.read("test.sealed", |tx| -> Result<Vec<u8>, app::Error> {
        Ok(tx.query_one("SELECT sealed_token FROM sessions", &[])?.get(0)?)
    });
    assert!(!String::from_utf8_lossy(&sealed.expect("it is stored")).contains("eyJ"));
    let left = browser.submit("/sign-out", &[]);
    assert_eq!(left.status, StatusCode::OK, "{}", left.text());
    let refresh = left.header(header::REFRESH).to_owned();
    assert!(refresh.starts_with(&format!("0; url={}/logout?client_id={CLIENT}", scene.mock.address)), "{refresh}");
    assert!(refresh.contains("&id_token_hint=eyJ"), "{refresh}");
    assert_eq!(browser.get("/today").location(), "/sign-in?then=%2Ftoday", "ended here first");
    assert_eq!(scene.latest().0, "signed_out");

    // Signed out there: every session of the subject, or the one session, ends here.
    let now = scene.now();
    let token = |change: &dyn Fn(&mut Value)| {
        let mut claims = json!({
            "iss": scene.mock.address, "aud": CLIENT, "iat": now, "exp": now + 120, "jti": "one", "sub": subject,
            "events": { "http://schemas.openid.net/event/backchannel-logout": {} },
        });
        change(&mut claims);
        scene.signer.sign(&claims)
    };
    let tell = |token: &str| scene.world.visitor().post("/sign-in/with/council/ended", &[("logout_token", token)]);
    let browsers: Vec<_> =
        (0..2).map(|_| scene.world.visitor().signed_in_with(&scene.walk("council", subject, email, nothing))).collect();
    let other = scene.world.browser("officer@");
    let in_now = |browsers: &[crate::world::Browser<'_>]| {
        browsers.iter().filter(|browser| browser.get("/today").status == StatusCode::OK).count()
    };
    for (what, reason, wrong) in [
        ("for another", "wrong_audience", token(&|c| c["aud"] = json!("x"))),
        ("an ID token", "not_a_logout", token(&|c| c["nonce"] = json!("n"))),
        ("without its event", "not_a_logout", token(&|c| c["events"] = json!({}))),
        ("about nobody", "not_a_logout", token(&|c| c["sub"] = Value::Null)),
        ("from long ago", "expired", token(&|c| c["iat"] = json!(now - 3600))),
        ("nonsense", "unreadable", "nonsense".to_owned()),
        ("by another", "unknown_key", Signer::new("x").sign(&json!({}))),
    ] {
        assert_eq!(tell(&wrong).status, StatusCode::BAD_REQUEST, "{what}");
        assert_eq!(scene.latest().1, format!("logout_token.{reason}"), "{what}");
    }
    assert_eq!(in_now(&browsers), 2);
    let right = token(&|_| ());
    assert_eq!(tell(&right).status, StatusCode::OK);
    assert_eq!(in_now(&browsers), 0);
    assert_eq!(scene.latest().0, "ended_by_provider");
    assert_eq!(other.get("/today").status, StatusCode::OK, "others stay");
    assert_eq!(tell(&right).status, StatusCode::BAD_REQUEST, "once");
    assert_eq!(scene.latest().1, "logout_token.said_before");
    let browser = scene.world.visitor().signed_in_with(&scene.walk("council", subject, email, nothing));
    let by_session = token(&|c| {
        c["jti"] = json!("two");
        c["sub"] = Value::Null;
        c["sid"] = json!(format!("session of {subject}"));
    });
    assert_eq!(tell(&by_session).status, StatusCode::OK);
    assert_eq!(browser.get("/today").location(), "/sign-in?then=%2Ftoday");
}
