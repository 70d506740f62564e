// Providers that people have an account with: the certified `oidc-provider`, made to behave as
// Entra ID, DfE Sign-in and GOV.UK One Login do. Run as a program of its own, whose clock stands
// where the area's does:
//
//   node e2e/support/provider.js SETTINGS.json
//
// prints one line when it listens.

import { generateKeyPairSync, sign } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer, request } from "node:http";

const settings = JSON.parse(readFileSync(process.argv[2], "utf8"));

// Tokens carry times. The rest of this process starts on the area's day.
const started = Date.now();
const ahead = Date.parse(settings.now) - started;
const RealDate = Date;
globalThis.Date = class extends RealDate {
  constructor(...parts) {
    if (parts.length === 0) super(RealDate.now() + ahead);
    else super(...parts);
  }

  static now() {
    return RealDate.now() + ahead;
  }
};
const { Provider, interactionPolicy } = await import("oidc-provider");

const YEAR_SECONDS = 365 * 24 * 3600;
const CORE_IDENTITY = "https://vocab.account.gov.uk/v1/coreIdentityJWT";

function key(kind, kid) {
  const { privateKey, publicKey } =
    kind === "ES256" ? generateKeyPairSync("ec", { namedCurve: "P-256" }) : generateKeyPairSync("rsa", { modulusLength: 2048 });
  const named = { kid, alg: kind, use: "sig" };
  return { privateKey, jwk: { ...privateKey.export({ format: "jwk" }), ...named }, publicJwk: { ...publicKey.export({ format: "jwk" }), ...named } };
}

const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");

function jwt(privateKey, kid, claims) {
  const signed = `${part({ alg: "ES256", typ: "JWT", kid })}.${part(claims)}`;
  return `${signed}.${sign("sha256", Buffer.from(signed), { key: privateKey, dsaEncoding: "ieee-p1363" }).toString("base64url")}`;
}

/** A fetch that reaches this machine, as the provider's own does not. */
const fetchHere = (url, { method, headers, body }) =>
  new Promise((done, failed) => {
    const sent = request(url, { method, headers: Object.fromEntries(new Headers(headers)) }, (answer) => {
      answer.resume();
      answer.on("end", () => done(new Response(null, { status: answer.statusCode })));
    });
    sent.once("error", failed);
    sent.end(String(body ?? ""));
  });

/** One provider: `kind`, `port`, its client, and the people it knows. */
function start({ kind, port, client, people, level }) {
  const issuer = `http://localhost:${port}`;
  const algorithm = kind === "one_login" ? "ES256" : "RS256";
  const identity = key("ES256", "identity");
  const did = `did:web:localhost%3A${port}`;
  const isOneLogin = kind === "one_login";

  const subjectOf = (person) => `${kind} ${person.name}`;
  const claimsOf = (person) => ({
    sub: subjectOf(person),
    email: person.email,
    email_verified: true,
    name: person.name,
    ...(kind === "dfe" && { organisation: { id: "organisation", name: "A school", urn: person.urn, category: { id: "001" } } }),
    ...(isOneLogin && {
      vot: "Cl.Cm",
      vtm: `${issuer}/trustmark`,
      [CORE_IDENTITY]: jwt(identity.privateKey, `${did}#identity`, {
        iss: `${issuer}/identity`,
        aud: client.client_id,
        sub: subjectOf(person),
        iat: Math.floor(Date.now() / 1000),
        nbf: Math.floor(Date.now() / 1000),
        exp: Math.floor(Date.now() / 1000) + 1800,
        vot: "P2",
        vc: {
          type: ["VerifiableCredential", "IdentityCheckCredential"],
          credentialSubject: { name: [{ nameParts: person.name.split(" ").map((value) => ({ type: "Name", value })) }] },
        },
      }),
    }),
  });
  const find = (sub) => people.find((person) => subjectOf(person) === sub);

  const provider = new Provider(issuer, {
    clients: [{ ...client, id_token_signed_response_alg: algorithm, grant_types: ["authorization_code"], response_types: ["code"] }],
    jwks: { keys: [key(algorithm, `${kind}-1`).jwk] },
    enabledJWA: {
      idTokenSigningAlgValues: [algorithm],
      clientAuthSigningAlgValues: ["ES256"],
    },
    clientAuthMethods: ["client_secret_basic", "private_key_jwt"],
    claims: {
      openid: ["sub", ...(isOneLogin ? ["vot", "vtm"] : [])],
      email: ["email", "email_verified"],
      profile: ["name"],
      organisation: ["organisation"],
      ...(isOneLogin && { [CORE_IDENTITY]: null }),
    },
    scopes: ["openid", "email", "profile", "organisation"],
    // Entra ID puts who it is into the ID token.
    conformIdTokenClaims: kind !== "entra",
    extraParams: isOneLogin
      ? {
          vtr(ctx, value) {
            if (value !== JSON.stringify([level])) throw new Error(`vtr is ${value}`);
          },
        }
      : [],
    features: {
      devInteractions: { enabled: false },
      claimsParameter: { enabled: isOneLogin },
      backchannelLogout: { enabled: true },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource(ctx, form) {
          ctx.body = page(`${form}<button type="submit" form="op.logoutForm" value="yes" name="logout">Sign out of this account</button>`);
        },
        postLogoutSuccessSource(ctx) {
          ctx.body = page("<p>Signed out there</p>");
        },
      },
    },
    pkce: { required: () => true },
    cookies: { keys: ["a key for tests"] },
    // The browser's clock stands later than the area's: its cookies must not have ended.
    ttl: { Interaction: YEAR_SECONDS, Session: YEAR_SECONDS, Grant: YEAR_SECONDS },
    fetch: fetchHere,
    findAccount: (ctx, sub) => (find(sub) ? { accountId: sub, claims: () => claimsOf(find(sub)) } : undefined),
    interactions: { policy: interactionPolicy.base(), url: (ctx, { uid }) => `/interaction/${uid}` },
    // Whoever signs in has agreed to what is asked.
    async loadExistingGrant(ctx) {
      const grant = new ctx.oidc.provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId });
      grant.addOIDCScope("openid email profile organisation");
      grant.addOIDCClaims(["vot", "vtm", CORE_IDENTITY]);
      await grant.save();
      return grant;
    },
    renderError(ctx, out, error) {
      console.error(kind, out, error);
      ctx.body = page(`<p>${out.error}</p>`);
    },
  });

  const callback = provider.callback();
  createServer(async (req, res) => {
    const url = new URL(req.url, issuer);
    if (url.pathname === "/did.json") {
      const method = { type: "JsonWebKey", id: `${did}#identity`, controller: did, publicKeyJwk: identity.publicJwk };
      res.setHeader("content-type", "application/json");
      return res.end(JSON.stringify({ id: did, assertionMethod: [method] }));
    }
    if (url.pathname.startsWith("/interaction/")) {
      const chosen = people.find((person) => person.name === url.searchParams.get("as"));
      if (chosen) {
        return provider.interactionFinished(req, res, { login: { accountId: subjectOf(chosen) } });
      }
      const links = people.map((person) => `<p><a href="?as=${encodeURIComponent(person.name)}">${person.name}</a></p>`);
      res.setHeader("content-type", "text/html; charset=utf-8");
      return res.end(page(`<h1>Who are you?</h1>${links.join("")}`));
    }
    return callback(req, res);
  }).listen(port, "127.0.0.1");
}

const page = (body) => `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>A provider</title></head><body>${body}</body></html>`;

settings.providers.forEach(start);
console.log("listening");
